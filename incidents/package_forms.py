"""What is asked of whoever takes an incident out of the portal."""

from __future__ import annotations

from django import forms

from accounts.names import visible_only
from incidents.package import For


class PackageForm(forms.Form):
    """What is handed over, and to whom."""

    what = forms.ChoiceField(
        label="渡すもの", widget=forms.RadioSelect,
        choices=(
            (For.POLICE.value, "警察などへの一式(報告書、経過、すべての証拠)"),
            (For.PRESS.value, "報道機関などへの一式(公表した内容だけ)"),
        ),
    )  # fmt: skip
    to = forms.CharField(
        label="渡す相手", max_length=100, validators=[visible_only],
        help_text="例:新城警察署生活安全課。だれに渡すために取り出したかが、経過に残ります。",
    )  # fmt: skip

    def __init__(self, *args: object, may_have_all: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not may_have_all:
            what = self.fields["what"]
            what.choices = [c for c in what.choices if c[0] != For.POLICE.value]  # type: ignore[attr-defined]
