"""What is asked of a head who supervises, 4(4), of whom he asks, and of the PR division that asks him."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from staff.fields import RowField, TextField
from staff.models import Department

WORDS = forms.Textarea(attrs={"rows": 4})


class KeyedForm(forms.Form):
    """A form that writes one row, however often its button is pressed."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4


class ConfirmForm(forms.Form):
    """That a month's posts were looked through; `seen` is the seal of those the page showed."""

    note = TextField(
        label="所見", required=False, max_length=2000, widget=WORDS,
        help_text="気付いたこと、職員に伝えたことなどを残せます。",
    )  # fmt: skip
    looked = forms.BooleanField(
        label="この月の発信と例外を見て、4(1)と4(2)に照らして確かめた",
        error_messages={"required": "発信を見て確かめたら、印を付けてください。"},
    )
    seen = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)


class RemarkForm(KeyedForm):
    """What is to be added to a confirmed month."""

    text = TextField(
        label="追記", max_length=2000, widget=WORDS,
        help_text="確認は取り消せません。後で分かったことは、ここに書き足します。",
        error_messages={"required": "追記する内容を入力してください。"},
    )  # fmt: skip


class PromptForm(KeyedForm):
    """What the PR division adds to its request."""

    text = TextField(
        label="依頼に添える言葉", required=False, max_length=1000, widget=WORDS,
        help_text="メールで所属の長に届きます。個人情報は書かないでください。",
    )  # fmt: skip


class QuestionForm(KeyedForm):
    """What is asked about a post."""

    question = TextField(
        label="照会の内容", max_length=2000, widget=WORDS,
        help_text="例:運用時間の外に発信した経緯を教えてください。",
        error_messages={"required": "照会の内容を入力してください。"},
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What is answered."""

    answer = TextField(
        label="回答", max_length=2000, widget=WORDS,
        error_messages={"required": "回答を入力してください。"},
    )  # fmt: skip


class WithdrawalForm(forms.Form):
    """Why a question is taken back."""

    reason = forms.CharField(
        label="取り下げる理由", max_length=300,
        error_messages={"required": "取り下げる理由を入力してください。"},
    )  # fmt: skip


class DepartmentFilter(forms.Form):
    """What the list of departments is narrowed to."""

    department = RowField(
        queryset=Department.objects.all(), label="所属", required=False, empty_label="すべて"
    )
    show = forms.ChoiceField(
        label="状態", required=False,
        choices=[("", "すべて"), ("open", "確認していない月がある"), ("late", "期限を過ぎている")],
    )  # fmt: skip

    def asked(self, name: str) -> Any:
        """What was asked for under `name`; nothing where it makes no sense."""
        self.is_valid()
        return self.cleaned_data.get(name)
