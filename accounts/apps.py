"""The register of accounts: clauses 3(1), (4) to (7) and 6."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Social media accounts."""

    name = "accounts"
    verbose_name = "公式アカウント"
