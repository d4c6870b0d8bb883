"""Posts: clause 4."""

from django.apps import AppConfig


class PostingsConfig(AppConfig):
    """What is to be posted, and whether it is fit to go out."""

    name = "postings"
    verbose_name = "書き込み"
