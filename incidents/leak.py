"""個人情報の漏えい: whether the law asks for reports, and by when. Asked in the second step."""

from __future__ import annotations

from typing import Any

from django import forms

from incidents import clocks
from incidents.models import IncidentStep
from incidents.parts import Part, StepPart
from incidents.step_forms import DoneForm
from incidents.workflow import line_for, step_workflow
from shinshiro_sns.steps import Taking

KIND = "leak"
WRONGFUL = "wrongful"
# 個人情報の保護に関する法律施行規則43条: of each of these the commission is to hear.
CASES = (
    ("sensitive", "要配慮個人情報(病歴、障害、犯罪の経歴など)が含まれる"),
    ("property", "不正に使われて、財産の被害が出るおそれがある(カード番号、口座とパスワードなど)"),
    (WRONGFUL, "不正の目的で行われたおそれがある(不正アクセス、盗難、持ち出しなど)"),
    ("many", "本人の数が100人を超える"),
    ("ordinance", "条例で定める要配慮個人情報が含まれる"),
)
# What follows from the answer, and the deadline that each gets.
OWED = {
    "prompt": ("leak.prompt", "leak.prompt"),
    "people": ("", ""),
    "final": ("leak.final", "leak.final.wrongful"),
}
NONE = "個人情報保護法施行規則43条の、報告が要る場合のどれにも当たらないことを確かめました。"


class FactsForm(DoneForm):
    """The facts by which the law decides."""

    field_order = ("happened_at", "words", "count", "cases")

    count = forms.IntegerField(
        label="本人の数(人)", min_value=0, max_value=10_000_000,
        help_text="分からないときは、考えられる最も大きい数を入力します。",
    )  # fmt: skip
    cases = forms.MultipleChoiceField(
        label="当てはまるもの", choices=CASES, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="おそれがあるときも選びます。一つでも当てはまれば、個人情報保護委員会への報告と、本人への通知が要ります。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["url"]
        self.fields["words"].label = "分かった事実"

    def clean(self) -> dict[str, Any]:
        """The number speaks for itself."""
        cleaned = super().clean() or {}
        cases = cleaned.get("cases") or []
        if (cleaned.get("count") or 0) > 100 and "many" not in cases:
            self.add_error(
                "cases",
                "本人の数が100人を超えるときは、「本人の数が100人を超える」も選んでください。",
            )
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """With the answers in the step's own words, which the log repeats."""
        given = super().answers
        labels = [label for key, label in CASES if key in given["cases"]]
        said = "、".join(labels) or "なし"
        given["words"] += f"\n本人の数:{given['count']}人\n報告が要る場合に当てはまるもの:{said}"
        return given


def judged(taking: Taking) -> None:
    """Where the law asks for it, the reports get their deadlines; where it doesn't, they are waived."""
    cases = taking.extra["cases"]
    steps = IncidentStep.objects.filter(incident=taking.obj.incident, key__in=OWED)
    for step in steps.select_related("incident__department"):
        if not cases and step.is_open:
            line = line_for("waive", step, taking.by)
            step_workflow.take(step, line.name, by=taking.by, note=NONE)
        elif cases:
            if step.words == NONE and step.state == IncidentStep.State.WAIVED:
                line = line_for("undo", step, taking.by)
                note = "法律の報告が要ると分かったため"
                step_workflow.take(step, line.name, by=taking.by, note=note)
                step.refresh_from_db()
            usual, wrongful = OWED[step.key]
            if step.is_open and usual:
                clocks.give(step, wrongful if WRONGFUL in cases else usual)
                step.save()


PARTS = (Part(KIND, steps={"facts": StepPart(form=FactsForm, effect=judged)}),)
