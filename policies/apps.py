"""Operating policies and the guideline's text: clauses 3(2), 3(3)."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """The five items, their versions, and the way they take."""

    name = "policies"
    verbose_name = "運用ポリシー"

    def ready(self) -> None:
        """Declares the app's duties."""
        from policies.duties import DUTIES  # noqa: PLC0415  (models are loaded by now)
        from shinshiro_sns.duties import declare  # noqa: PLC0415

        declare(DUTIES)
