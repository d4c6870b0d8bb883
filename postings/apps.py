"""Posts: clause 4."""

from django.apps import AppConfig


class PostingsConfig(AppConfig):
    """What is to be posted, and whether it is fit to go out."""

    name = "postings"
    verbose_name = "書き込み"

    def ready(self) -> None:
        """Declares what the account's page says of posts, the app's duties, and what is done each day."""
        from accounts import areas  # noqa: PLC0415  (models are loaded by now)
        from policies import process  # noqa: PLC0415
        from policies.demonstration import chapters  # noqa: PLC0415
        from postings import drafting, unsent  # noqa: F401, PLC0415  (who logs in is told to the latter)
        from postings import open_demonstration as on_their_way  # noqa: PLC0415
        from postings import process as ours  # noqa: PLC0415
        from postings import supervised_demonstration as months  # noqa: PLC0415
        from postings.areas import AREAS  # noqa: PLC0415
        from postings.demonstration import tell  # noqa: PLC0415
        from postings.duties import DUTIES  # noqa: PLC0415
        from postings.questions import QUESTIONS  # noqa: PLC0415
        from postings.terms import TERMS  # noqa: PLC0415
        from shinshiro_sns import daily, duties, questions, retention  # noqa: PLC0415

        areas.declare(AREAS)
        duties.declare(DUTIES)
        daily.declare("書きかけの原稿の消去", drafting.forget_old)
        questions.ask(QUESTIONS)
        retention.declare(TERMS)
        process.WAYS[ours.HEAD] = ours.way()
        chapters.declare(tell)
        chapters.declare(months.tell)
        chapters.declare(on_their_way.tell)
