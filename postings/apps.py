"""Posts: clause 4."""

from django.apps import AppConfig


class PostingsConfig(AppConfig):
    """What is to be posted, and whether it is fit to go out."""

    name = "postings"
    verbose_name = "書き込み"

    def ready(self) -> None:
        """Says on each account's page whether it may post now."""
        from accounts.areas import declare  # noqa: PLC0415  (models are loaded by now)
        from policies.demonstration import chapters  # noqa: PLC0415
        from postings.areas import AREAS  # noqa: PLC0415
        from postings.demonstration import tell  # noqa: PLC0415
        from postings.duties import DUTIES  # noqa: PLC0415
        from shinshiro_sns import duties  # noqa: PLC0415

        declare(AREAS)
        duties.declare(DUTIES)
        chapters.declare(tell)
