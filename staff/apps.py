"""The staff application: who there is, and who may act."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Departments, users, memberships and absences."""

    name = "staff"
    verbose_name = "所属と職員"

    def ready(self) -> None:
        """Listens for people whose address changes."""
        from staff import adapter  # noqa: F401, PLC0415  (allauth's models must be loaded first)
