"""What an incident of kind 誤記 adds, 5(1)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.models.incident import Incident


class Correction(models.Model):
    """訂正: what was wrong and what is right. The post that says so is its step's text and URL."""

    class Apology(models.TextChoices):
        """Whether the city apologised."""

        MADE = "made", "謝罪した"
        NOT_NEEDED = "not_needed", "謝罪は要らないと判断した"

    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, related_name="correction", verbose_name="事案"
    )
    wrong = models.TextField("誤っていた内容", max_length=2000)
    right = models.TextField("正しい内容", max_length=2000)
    apology = models.CharField("謝罪", max_length=10, choices=Apology)
    why_none = models.CharField("謝罪が要らない理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "訂正"
        constraints = [
            models.CheckConstraint(
                condition=Q(apology="made", why_none="")
                | Q(apology="not_needed") & ~Q(why_none=""),
                name="correction_without_apology_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident}の訂正"
