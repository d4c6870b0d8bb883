"""Errors, impersonation, flaming and other harm: clause 5."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Incidents, their steps and what they leave behind."""

    name = "incidents"
    verbose_name = "誤記・被害等"

    def ready(self) -> None:
        """Declares what each kind adds to the core."""
        from incidents import errors, leak, parts  # noqa: PLC0415  (models are loaded by now)

        for module in (errors, leak):
            parts.declare(module.PARTS)
