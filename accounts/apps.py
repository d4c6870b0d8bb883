"""The register of accounts: clauses 3(1), (4) to (7) and 6."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Social media accounts."""

    name = "accounts"
    verbose_name = "公式アカウント"

    def ready(self) -> None:
        """Declares the app's duties, what is done each day, and what a transfer of staff brings."""
        from accounts import moving  # noqa: PLC0415
        from accounts.consequences import CONSEQUENCES  # noqa: PLC0415
        from accounts.duties import DUTIES  # noqa: PLC0415  (models are loaded by now)
        from accounts.questions import QUESTIONS  # noqa: PLC0415
        from accounts.terms import TERMS  # noqa: PLC0415
        from shinshiro_sns import daily, retention  # noqa: PLC0415
        from shinshiro_sns.duties import declare  # noqa: PLC0415
        from shinshiro_sns.questions import ask  # noqa: PLC0415
        from staff.transferring import consequences  # noqa: PLC0415

        declare(DUTIES)
        daily.declare("アカウントの所管の移管", moving.carry_out)
        retention.declare(TERMS)
        ask(QUESTIONS)
        consequences.declare(CONSEQUENCES)
