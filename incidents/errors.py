"""誤記, 5(1): what its correcting step asks and keeps, and how long it took."""

from __future__ import annotations

from typing import Any

from django import forms

from incidents.models import Correction, Incident
from incidents.parts import Panel, Part, StepPart
from incidents.step_forms import DoneForm
from shinshiro_sns.steps import Taking
from staff.fields import TextField
from staff.models import User

KIND, CORRECT = "error", "correct"


class CorrectionForm(DoneForm):
    """The correcting post, what it corrects, and whether it apologises."""

    field_order = ("happened_at", "wrong", "right", "words", "url", "apology", "why_none")

    wrong = TextField(
        label="誤っていた内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    right = TextField(label="正しい内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    apology = forms.ChoiceField(
        label="謝罪", choices=Correction.Apology.choices, widget=forms.RadioSelect
    )
    why_none = forms.CharField(label="謝罪が要らない理由", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = "訂正した投稿の文"
        self.fields["url"].required = True
        self.fields["url"].label = "訂正した投稿のURL"
        self.fields["why_none"].need = "謝罪しないときは必須"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """No apology has a reason, an apology has none."""
        cleaned = super().clean() or {}
        without = cleaned.get("apology") == Correction.Apology.NOT_NEEDED
        if without and not cleaned.get("why_none") and "why_none" not in self.errors:
            self.add_error("why_none", "謝罪が要らない理由を入力してください。")
        if cleaned.get("apology") == Correction.Apology.MADE:
            cleaned["why_none"] = ""
        return cleaned


def corrected(taking: Taking) -> None:
    """Keep what was wrong and right; corrected once more, it is the last correction that stands."""
    names = ("wrong", "right", "apology", "why_none")
    given = {name: taking.extra[name] for name in names}
    Correction.objects.update_or_create(incident=taking.obj.incident, defaults=given)


def minutes_to_correction(incident: Incident) -> int | None:
    """From the discovery to the correcting post; None while there is none."""
    step = next((s for s in incident.steps.all() if s.key == CORRECT), None)
    if step is None or step.state != step.State.DONE or step.happened_at is None:
        return None
    return int((step.happened_at - incident.discovered_at).total_seconds() // 60)


def _shown(incident: Incident, user: User) -> dict[str, Any] | None:
    correction = Correction.objects.filter(incident=incident).first()
    if correction is None:
        return None
    return {"correction": correction, "minutes": minutes_to_correction(incident)}


PARTS = (
    Part(
        KIND,
        steps={CORRECT: StepPart(form=CorrectionForm, effect=corrected)},
        panels=(
            Panel(
                "desk/incidents/_correction.html", _shown, "desk/incidents/report/correction.html"
            ),
        ),
    ),
)
