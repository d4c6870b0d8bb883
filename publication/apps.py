"""Everything the public sees: clauses 3(6), 6(2)."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """Read-only public pages."""

    name = "publication"
    verbose_name = "公開ページ"

    def ready(self) -> None:
        """Lets `manage.py check` judge what the public pages say by settings."""
        from django.core.checks import register  # noqa: PLC0415

        from publication import checks  # noqa: PLC0415  (models are loaded by now)

        register(checks.settings_are_publishable)
        register(checks.security_txt_holds, deploy=True)
