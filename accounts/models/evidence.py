"""Evidence: files that show what a ledger says, with who, when and their SHA-256."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.files.storage import storages
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.ledger import LedgerRow
from staff.models import User


def somewhere(evidence: Any, name: str) -> str:
    """A place that says nothing of the file and cannot be guessed: the name is the person's own text."""
    return f"{timezone.localdate():%Y/%m}/{secrets.token_hex(16)}"


def evidence_storage() -> Any:
    """Where every file of evidence lies, below no address."""
    return storages["evidence"]


class StoredFile(models.Model):
    """A file as it was taken in. Neither altered nor deleted; at the end of its term the file is
    erased, and the row says what it was."""

    class Kind(models.TextChoices):
        """What its content is, judged by the content."""

        PNG = "image/png", "PNG画像"
        JPEG = "image/jpeg", "JPEG画像"
        WEBP = "image/webp", "WebP画像"
        PDF = "application/pdf", "PDF"

    file = models.FileField(
        "ファイル", upload_to=somewhere, storage=evidence_storage, max_length=100
    )
    name = models.CharField("ファイル名", max_length=200)
    kind = models.CharField("種類", max_length=20, choices=Kind, editable=False)
    size = models.PositiveIntegerField("大きさ(バイト)", editable=False)
    sha256 = models.CharField(
        "SHA-256", max_length=64, editable=False, validators=[RegexValidator(r"^[0-9a-f]{64}\Z")]
    )
    shows = models.CharField("何を示すものか", max_length=200)
    uploaded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="登録した人"
    )
    uploaded_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)
    erased_at = models.DateTimeField("消去日時", null=True, editable=False)

    class Meta:
        abstract = True


class Evidence(LedgerRow, StoredFile):
    """証拠: one file of an account."""

    class Meta:
        verbose_name = verbose_name_plural = "証拠"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(sha256=""), name="evidence_is_measured"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shows}({self.name})"
