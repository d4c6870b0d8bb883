"""How the publication itself stands, for those who see to it."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from staff.models import Department

# A publisher that says nothing for so long is dead, however quiet the city is.
SILENT_AFTER = datetime.timedelta(minutes=30)


class PublisherQuerySet(models.QuerySet["Publisher"]):
    """Questions about publishers."""

    def record_success(self, directory: str, number: int) -> None:
        """`directory` holds what the register says now. Nothing where there is no PR division."""
        if division := Department.objects.pr_division():
            self.update_or_create(
                directory=directory,
                defaults={
                    "number": number, "confirmed_at": timezone.now(), "failed_since": None,
                    "failure": "", "department": division,
                },
            )  # fmt: skip

    def record_failure(self, directory: str, words: str) -> Publisher | None:
        """It could not be published; the row where this is the first time in a row."""
        division = Department.objects.pr_division()
        if division is None:
            return None
        row, _ = self.get_or_create(directory=directory, defaults={"department": division})
        is_first = row.failed_since is None
        row.failed_since, row.failure = row.failed_since or timezone.now(), words
        row.save(update_fields=["failed_since", "failure"])
        return row if is_first else None

    def failing(self) -> PublisherQuerySet:
        """Those whose last attempt failed, or that have fallen silent; the longest first."""
        silent = Q(confirmed_at__lt=timezone.now() - SILENT_AFTER)
        return self.filter(Q(failed_since__isnull=False) | silent).order_by("confirmed_at", "pk")


class Publisher(models.Model):
    """公開処理: the process that keeps one directory published, and how it fares."""

    directory = models.CharField("公開先", max_length=500, unique=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name="広報主管課"
    )
    number = models.PositiveBigIntegerField("番号", default=0)
    confirmed_at = models.DateTimeField("最終確認", default=timezone.now)
    failed_since = models.DateTimeField("失敗の始まり", null=True)
    failure = models.TextField("失敗の理由", blank=True)

    objects = PublisherQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公開処理"
        ordering = ["directory"]
        default_permissions = ["view"]
        permissions = [("mend_publisher", "公開処理の失敗に対応する")]
        constraints = [
            models.CheckConstraint(
                condition=Q(failed_since__isnull=True, failure="")
                | Q(failed_since__isnull=False) & ~Q(failure=""),
                name="publisher_fails_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.directory

    @property
    def wrong(self) -> str:
        """What is wrong, in one sentence; empty where nothing is."""
        if self.failed_since:
            return self.failure
        if self.confirmed_at < timezone.now() - SILENT_AFTER:
            return "公開処理が止まっています。動かし直してください。"
        return ""
