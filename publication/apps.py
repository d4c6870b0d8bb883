"""Everything the public sees: clauses 3(6), 6(2)."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """Read-only public pages."""

    name = "publication"
    verbose_name = "公開ページ"

    def ready(self) -> None:
        """Declares the app's duties, and lets `manage.py check` judge what the pages say by settings."""
        from django.core.checks import register  # noqa: PLC0415

        from publication import checks  # noqa: PLC0415  (models are loaded by now)
        from publication.duties import DUTIES  # noqa: PLC0415
        from shinshiro_sns import duties  # noqa: PLC0415

        duties.declare(DUTIES)
        register(checks.settings_are_publishable)
        register(checks.security_txt_holds, deploy=True)
        register(checks.root_lasts, deploy=True)
