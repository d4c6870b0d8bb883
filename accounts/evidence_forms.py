"""Forms about evidence: taking a file in, and choosing one of an account's files elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from accounts.evidence import ACCEPTED, EXTENSIONS, kind_of
from accounts.models import Account, Evidence
from accounts.names import visible_only
from staff.fields import RowField


class EvidenceForm(forms.Form):
    """A file and what it shows."""

    shows = forms.CharField(
        label="何を示すものか",
        max_length=200,
        validators=[visible_only],
        help_text="例:プロフィールに市のページへのリンクがある画面(令和8年4月1日)",
        error_messages={"required": "何を示すファイルか入力してください。"},
    )
    file = forms.FileField(
        label="ファイル",
        # Judged by content and named anew: a name that is too long is no reason to refuse.
        widget=forms.ClearableFileInput(
            attrs={"accept": ",".join(end for ends in EXTENSIONS.values() for end in ends)}
        ),
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "ファイルが空です。",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = (
            f"{ACCEPTED}。{settings.EVIDENCE_MAX_MB}MBまで。"
            "パスワードが写っていないことを確かめてください。"
        )

    def clean_file(self) -> Any:
        """Refuses what is no evidence by its content."""
        file = self.cleaned_data["file"]
        kind_of(file)
        return file


class EvidenceField(RowField):
    """One of the account's own files, for forms that refer to evidence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "queryset": Evidence.objects.none(),
                "label": "証拠",
                "required": False,
                "empty_label": "選ばない",
                **kwargs,
            }
        )

    def offer(self, account: Account) -> None:
        """Let the person choose among what is on file for `account`."""
        self.queryset = Evidence.objects.filter(account=account, erased_at__isnull=True)

    def label_from_instance(self, obj: Any) -> str:
        """What it shows, and the file's name."""
        return f"{obj.shows}({obj.name})"
