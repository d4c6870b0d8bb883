"""The staff application: who there is, and who may act."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Departments, users, memberships and absences."""

    name = "staff"
    verbose_name = "所属と職員"

    def ready(self) -> None:
        """Listens for people whose address changes, and declares what is done each day."""
        from shinshiro_sns import (  # noqa: PLC0415  (models are loaded by now)
            daily,
            duties,
            retention,
        )
        from staff import adapter, reminding  # noqa: F401, PLC0415  (allauth's models too)
        from staff.duties import DUTIES  # noqa: PLC0415
        from staff.terms import TERMS  # noqa: PLC0415

        duties.declare(DUTIES)
        retention.declare(TERMS)
        daily.declare("古い催促の記録の消去", reminding.forget)
