"""The texts from which a step's own words start: the PR division keeps them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.names import visible_only
from incidents.kinds import KINDS

STRAY = (
    "「{」と「}」は、差し込む言葉を囲むときだけ使えます。"
    "そのほかは、全角の「｛」「｝」に書き換えてください。"
)


def steps_with_texts() -> list[tuple[str, str]]:
    """All that starts from a text: its key, and its kind and what it is for."""
    found = {
        step.text: f"{kind.label}:{step.label}"
        for kind in KINDS.values()
        for step in kind.steps
        if step.text
    }
    more = {key: f"{kind.label}:{label}" for kind in KINDS.values() for key, label in kind.texts}
    return list((found | more).items())


class IncidentTextQuerySet(models.QuerySet["IncidentText"]):
    """Questions about texts."""

    def offered(self, key: str) -> IncidentTextQuerySet:
        """Those from which a step with this key may start."""
        return self.filter(key=key, is_active=True) if key else self.none()


class IncidentText(models.Model):
    """文例: what to post or to send in a step, with places that the incident's facts fill."""

    key = models.CharField("使う手順", max_length=40, choices=steps_with_texts)
    title = models.CharField("文例の名前", max_length=100, validators=[visible_only])
    body = models.TextField(
        "文", max_length=5000,
        help_text="{所属}のように書いたところには、事案の内容が入ります。使える言葉は下の一覧にあります。",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(
        "順番", default=1, help_text="一つの手順に文例がいくつかあるとき、小さい順に並びます。"
    )
    is_active = models.BooleanField(
        "使っている", default=True, help_text="外すと、手順の画面に出なくなります。記録は残ります。"
    )
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    history = HistoricalRecords(verbose_name="文例の履歴")
    objects = IncidentTextQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文例"
        ordering = ["key", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "title"],
                name="incident_text_once",
                violation_error_message="この手順には、同じ名前の文例がもうあります。",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body=""), name="incident_text_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuses places that nothing fills, naming them and those there are."""
        from incidents import texts  # noqa: PLC0415  (it stands on this model)

        if unknown := texts.unknown_places(self.body):
            said = "、".join(f"{{{name}}}" for name in unknown)
            known = "、".join(f"{{{place.name}}}" for place in texts.PLACES)
            raise ValidationError(
                {"body": f"{said}に入るものがありません。使えるのは、{known}です。"}
            )
        if texts.has_stray_braces(self.body):
            raise ValidationError({"body": STRAY})
