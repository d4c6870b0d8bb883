"""The register of accounts: clauses 3(1), (4) to (7) and 6."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Social media accounts."""

    name = "accounts"
    verbose_name = "公式アカウント"

    def ready(self) -> None:
        """Declares the app's duties."""
        from accounts.duties import DUTIES  # noqa: PLC0415  (models are loaded by now)
        from shinshiro_sns.duties import declare  # noqa: PLC0415

        declare(DUTIES)
