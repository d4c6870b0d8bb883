"""The staff application: who there is, and who may act."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Departments, users, memberships and absences."""

    name = "staff"
    verbose_name = "所属と職員"
