"""Errors, impersonation, flaming and other harm: clause 5."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Incidents, their steps and what they leave behind."""

    name = "incidents"
    verbose_name = "誤記・被害等"

    def ready(self) -> None:
        """Declares what each kind adds to the core, the app's duties, its terms and its files."""
        from accounts import areas, evidence, known_fakes  # noqa: PLC0415  (models are loaded by now)
        from incidents import (  # noqa: PLC0415
            demonstration,
            errors,
            fakes,
            flaming,
            hijack,
            impersonation,
            leak,
            moving,
            notices,
            parts,
            process,
        )
        from incidents.areas import AREAS  # noqa: PLC0415
        from incidents.duties import DUTIES  # noqa: PLC0415
        from incidents.evidence import files_of  # noqa: PLC0415
        from incidents.models import IncidentEvidence  # noqa: PLC0415
        from incidents.terms import TERMS  # noqa: PLC0415
        from policies.demonstration import chapters  # noqa: PLC0415
        from policies.process import WAYS  # noqa: PLC0415
        from shinshiro_sns import daily, duties, mail, retention  # noqa: PLC0415

        for module in (errors, flaming, hijack, impersonation, leak):
            parts.declare(module.PARTS)
        duties.declare(DUTIES)
        retention.declare(TERMS)
        areas.declare(AREAS)
        evidence.HELD[IncidentEvidence] = files_of
        chapters.declare(demonstration.tell)
        known_fakes.declare(fakes.known)
        mail.FORGOTTEN_ONCE_SENT.update(notices.ANSWERS)
        daily.declare("事案の所管の移管", moving.follow_accounts)
        WAYS.update(process.WAYS)
