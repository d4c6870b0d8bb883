"""Operating policies and the guideline's text: clauses 3(2), 3(3)."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """The five items, their versions, and the way they take."""

    name = "policies"
    verbose_name = "運用ポリシー"

    def ready(self) -> None:
        """Declares the app's duties, and what a transfer of staff brings about for it."""
        from policies.consequences import CONSEQUENCES  # noqa: PLC0415
        from policies.duties import DUTIES  # noqa: PLC0415  (models are loaded by now)
        from policies.questions import QUESTIONS  # noqa: PLC0415
        from policies.terms import TERMS  # noqa: PLC0415
        from shinshiro_sns import retention  # noqa: PLC0415
        from shinshiro_sns.duties import declare  # noqa: PLC0415
        from shinshiro_sns.questions import ask  # noqa: PLC0415
        from staff.transferring import consequences  # noqa: PLC0415

        declare(DUTIES)
        retention.declare(TERMS)
        ask(QUESTIONS)
        consequences.declare(CONSEQUENCES)
