"""Forms about a fake that is public, and about what its operator was asked."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.names import visible_only
from incidents import texts
from incidents.forms import past, this_minute
from incidents.models import Fake, TakedownRequest
from shinshiro_sns.steps import Step
from staff.fields import MomentField, TextField

STILL_THERE, GONE = "there", "gone"


class FakeStepForm(forms.Form):
    """What a step of a public fake asks: why, what was found, or the words of the correction."""

    outcome = forms.ChoiceField(
        label="今の様子", widget=forms.RadioSelect,
        choices=[(STILL_THERE, "今もあり、市のふりをしている"), (GONE, "消えている")],
        error_messages={"required": "今の様子を選んでください。"},
    )  # fmt: skip
    title = forms.CharField(
        label="訂正の題名", max_length=100, validators=[visible_only],
        error_messages={"required": "訂正の題名を入力してください。"},
    )  # fmt: skip
    body = TextField(
        label="訂正の本文", max_length=2000, widget=forms.Textarea(attrs={"rows": 8}),
        validators=[texts.no_gaps],
        help_text="同じページで、誤って公表した内容の代わりに読まれます。相手のアカウント名は書きません。",
        error_messages={"required": "訂正の本文を入力してください。"},
    )  # fmt: skip
    note = TextField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Step, fake: Fake, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.name != "review":
            del self.fields["outcome"]
        if step.name != "withdraw":
            del self.fields["title"], self.fields["body"]
        else:
            found = texts.of_key("impersonation.withdrawal", fake.incident)
            self.initial.setdefault("title", "「なりすまし」のお知らせを取り下げました")
            self.initial.setdefault("body", found[0].body if found else "")
        note = self.fields["note"]
        note.label = step.note_label
        note.error_messages["required"] = f"{step.note_label}を入力してください。"

    @property
    def answers(self) -> dict[str, Any]:
        """What the step's effect takes."""
        given = {k: v for k, v in self.cleaned_data.items() if k in ("title", "body")}
        if "outcome" in self.cleaned_data:
            given["is_gone"] = self.cleaned_data["outcome"] == GONE
        return given


class RequestForm(forms.Form):
    """A further request to the operator."""

    asked_at = MomentField(label="依頼した日時", initial=this_minute, validators=[past])
    way = forms.ChoiceField(
        label="依頼の方法", choices=TakedownRequest.Way, widget=forms.RadioSelect,
        error_messages={"required": "依頼の方法を選んでください。"},
    )  # fmt: skip
    right = forms.ChoiceField(
        label="侵害されている権利", choices=TakedownRequest.Right, widget=forms.RadioSelect,
        error_messages={"required": "侵害されている権利を選んでください。"},
    )  # fmt: skip
    demanded = TextField(
        label="依頼した内容", max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="前の依頼から付け足したこと(資料、理由)が分かるように書きます。",
        error_messages={"required": "依頼した内容を入力してください。"},
    )  # fmt: skip
    receipt = forms.CharField(
        label="受付番号", max_length=100, required=False, validators=[visible_only],
        help_text="まだ届いていないときは、空のままにします。",
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """What the operator said."""

    answer = forms.ChoiceField(
        label="運営者の回答", choices=TakedownRequest.Answer, widget=forms.RadioSelect,
        error_messages={"required": "運営者の回答を選んでください。"},
    )  # fmt: skip
    answered_at = MomentField(label="回答の日時", initial=this_minute, validators=[past])
    answer_words = TextField(
        label="回答の内容", max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="断られたときは、その理由をそのまま写し取ります。",
        error_messages={"required": "回答の内容を入力してください。"},
    )  # fmt: skip
    receipt = forms.CharField(
        label="受付番号", max_length=100, required=False, validators=[visible_only],
        help_text="依頼のときに記録していなければ、入力します。",
    )  # fmt: skip
