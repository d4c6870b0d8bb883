"""Everything the public sees: clauses 3(6), 6(2)."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """Read-only public pages."""

    name = "publication"
    verbose_name = "公開ページ"
