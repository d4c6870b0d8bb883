"""What the city says of words: clause 4(2)イ and エ."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.names import visible_only
from shinshiro_sns.text import fold_for_search


class ListedWordQuerySet(models.QuerySet["ListedWord"]):
    """Questions about the list."""

    def looked_for(self) -> ListedWordQuerySet:
        """Those a check of a draft names."""
        return self.filter(is_active=True)


class ListedWord(models.Model):
    """言い換える言葉: a word that posts avoid, what to write instead, and why."""

    class Level(models.TextChoices):
        """How strongly a check speaks of it."""

        ERROR = "error", "誤り"
        WARNING = "warning", "注意"
        HINT = "hint", "参考"

    word = models.CharField("言葉", max_length=50, validators=[visible_only, MinLengthValidator(2)])
    reading = models.CharField(
        "読み", max_length=100, blank=True,
        validators=[
            RegexValidator(
                r"^[ぁ-ゖー]{3,}\Z",
                "ひらがなで3字以上入力してください。短い読みは、ほかの言葉の一部にも見つかります。",
            )
        ],
        help_text="ひらがなで書かれたものも探すときに入力します。",
    )  # fmt: skip
    alternative = models.CharField(
        "言い換え", max_length=100, blank=True, validators=[visible_only],
        help_text="いくつかあるときは「、」で区切ります。使わないほうがよいだけのときは空欄にします。",
    )  # fmt: skip
    reason = models.CharField("理由", max_length=200, validators=[visible_only])
    level = models.CharField("扱い", max_length=10, choices=Level, default=Level.WARNING)
    is_active = models.BooleanField(
        "原稿の確認で探す", default=True, help_text="探さなくなった言葉も、記録として残ります。"
    )
    # The word as a search folds it: one entry for every spelling of it.
    folded = models.CharField(max_length=100, unique=True, editable=False)
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    history = HistoricalRecords(verbose_name="言い換える言葉の履歴", excluded_fields=["folded"])
    objects = ListedWordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "言い換える言葉"
        ordering = ["reading", "word"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=["error", "warning", "hint"]),
                name="listedword_level_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(word="") & ~models.Q(reason="") & ~models.Q(folded=""),
                name="listedword_says_word_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the folded form beside the word."""
        self.folded = fold_for_search(self.word)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuses a second entry for a word that is listed already in another spelling."""
        self.folded = fold_for_search(self.word)
        if ListedWord.objects.filter(folded=self.folded).exclude(pk=self.pk).exists():
            raise ValidationError(
                {"word": "この言葉は、もう一覧にあります(全角と半角、かなの違いは同じと見ます)。"}
            )
