"""What is asked when an account is suspended, resumed or closed, 6, and afterwards."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import announcing, standing
from accounts.models import Account, HandleFate, Notice, StandingChange
from accounts.names import visible_only
from accounts.profiles import UnreadableProfile, read_profile
from shinshiro_sns.admin import is_key
from staff.fields import DayField, TextField

CLOSING = ("handle_fate", "handle_reason", "credentials_settled", "successor_url")
NOTICE = ("title", "body")
CARRIED = ("revision", "drafted", "shown")


def _not_to_come(day: datetime.date) -> None:
    if day > timezone.localdate():
        raise ValidationError("未来の日付は入力できません。")


class StandingForm(forms.Form):
    """The questions of one step, and the notice it will publish.

    `drafted` and `shown` carry what the portal proposed and what the person has seen as the public
    will see it: only that is published.
    """

    effective_on = DayField(
        label="実施日",
        help_text="実際に行った日です。今日までの日を入力します。",
    )  # fmt: skip
    note = TextField(
        label="理由(庁内の記録)", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="監査で確かめられるように、決めた理由を書きます。公開はされません。",
    )  # fmt: skip
    public_reason = TextField(
        label="市民に知らせる理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="周知の文に入ります。例:担当する業務が終わったため。",
    )  # fmt: skip
    handle_fate = forms.ChoiceField(
        label="廃止後のアカウント", widget=forms.RadioSelect,
        choices=[
            (HandleFate.GUARDED, "削除せずに管理を続ける(おすすめ)"),
            (HandleFate.DELETED, "運営者に削除してもらう"),
        ],
        help_text="削除したアカウント名は、別の人が取得して、市のアカウントのように使うことがあります。"
        "管理を続ける場合は、パスワードの変更などの管理も続きます。",
    )  # fmt: skip
    handle_reason = TextField(
        label="そうする理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    credentials_settled = forms.BooleanField(
        label="ログイン手段を整理した",
        help_text="使わない端末をログアウトし、連携しているアプリを外し、復旧用の連絡先を市のものにしたことを"
        "確かめて、印を付けます。",
        error_messages={
            "required": "端末、連携アプリ、復旧用の連絡先を整理してから、印を付けてください。"
        },
    )
    successor_url = forms.CharField(
        label="後継のアカウントのURL", required=False, max_length=500,
        help_text="この役割を引き継ぐ、市の公式アカウントがあれば入力します。",
    )  # fmt: skip
    title = forms.CharField(label="題名", required=False, max_length=100, validators=[visible_only])
    body = TextField(
        label="本文", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 16})
    )
    revision = forms.CharField(required=False, widget=forms.HiddenInput)
    drafted = forms.CharField(required=False, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, account: Account, kind: Notice.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.kind = account, kind
        for name in NOTICE:
            # Left empty, the portal proposes it anew.
            self.fields[name].need = "※必須"  # type: ignore[attr-defined]
        if kind != Notice.Kind.CLOSED:
            for name in CLOSING:
                del self.fields[name]

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields of the first page."""
        return [field for field in self if field.name not in NOTICE + CARRIED]

    def clean_revision(self) -> int:
        """What the person looked at; nothing there ever was, where the page did not say it."""
        written: str = self.cleaned_data["revision"]
        return int(written) if is_key(written) else -1

    def clean_successor_url(self) -> str:
        """The account at that address, for `successor`."""
        text: str = self.cleaned_data["successor_url"]
        self.cleaned_data["successor"] = None
        if text:
            try:
                profile = read_profile(text)
            except UnreadableProfile as error:
                raise ValidationError(str(error)) from error
            found = Account.objects.public().filter(identity=profile.identity).first()
            if found is None:
                raise ValidationError("このURLの公式アカウントは、登録されていません。")
            self.cleaned_data["successor"] = found
        return text

    def clean(self) -> dict[str, Any]:
        """What the step itself would refuse, said at its field."""
        cleaned = super().clean() or {}
        for unmet in standing.lacking(self.account, self.kind, cleaned):
            place = "successor_url" if unmet.place == "successor" else unmet.place
            if place not in self.errors:
                self.add_error(place, unmet.sentence)
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """What the step is taken with, beside its note and revision."""
        given = {k: v for k, v in self.cleaned_data.items() if k not in (*CARRIED, "note")}
        return {"successor": None, **given}

    def written(self) -> tuple[str, str]:
        """The notice to show: as the person wrote it, or as the portal proposes it by the answers."""
        title, body = (self.cleaned_data[part] for part in NOTICE)
        if title and body and seal(title, body) != self.cleaned_data["drafted"]:
            return title, body
        proposed = announcing.drafted(self.account, self.kind, self.answers)
        if seal(title, body) == self.cleaned_data["drafted"]:
            return proposed
        return title or proposed[0], body or proposed[1]

    @property
    def was_shown(self) -> bool:
        """Whether the notice is word for word what the person saw as the public will see it."""
        seen: str = self.cleaned_data["shown"]
        return seen == seal(*(self.cleaned_data[part] for part in NOTICE))


def seal(title: str, body: str) -> str:
    """A short mark of a notice's text, by which the form knows it again."""
    return hashlib.sha256(f"{title}\0{body}".encode()).hexdigest()


class AnnouncementForm(forms.Form):
    """The account's own post about a notice, 6(2), or why there can be none."""

    url = forms.URLField(
        label="投稿のURL", required=False, max_length=500, assume_scheme="https",
        help_text="アカウントで周知した投稿のURLです。",
    )  # fmt: skip
    why_not = forms.CharField(
        label="投稿できない理由",
        required=False,
        max_length=200,
        help_text="投稿できない場合だけ入力します。例:ログインできないため。投稿にURLがないため(配信日も書く)。",
    )
    announced_on = DayField(
        label="投稿した日", validators=[_not_to_come],
        help_text="投稿できない場合は、そう決めた日です。",
    )  # fmt: skip

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        for name in ("url", "why_not"):
            self.fields[name].need = "どちらか必須"  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        """Only a post of this account's service."""
        url: str = self.cleaned_data["url"]
        refused = announcing.not_a_post(self.account, url) if url else ""
        if refused:
            raise ValidationError(refused)
        return url

    def clean(self) -> dict[str, Any]:
        """One of the two, not both."""
        cleaned = super().clean() or {}
        if "url" not in self.errors and bool(cleaned.get("url")) == bool(cleaned.get("why_not")):
            self.add_error(
                "url", "投稿のURLか、投稿できない理由の、どちらか一つを入力してください。"
            )
        return cleaned


class CorrectionForm(forms.Form):
    """The words of a notice put right. `seen` is how often they had been when the page was asked for."""

    title = forms.CharField(label="題名", max_length=100, validators=[visible_only])
    body = TextField(label="本文", max_length=2000, widget=forms.Textarea(attrs={"rows": 16}))
    reason = forms.CharField(
        label="訂正した理由", max_length=300, validators=[visible_only],
        help_text="市民にも見えます。例:再開の時期の年が誤っていたため。",
        error_messages={"required": "訂正した理由を入力してください。"},
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notice = notice

    def clean_seen(self) -> int:
        """Never so often, where the page did not say it."""
        written: str = self.cleaned_data["seen"]
        return int(written) if is_key(written) or written == "0" else -1

    def clean(self) -> dict[str, Any]:
        """Something is put right."""
        cleaned = super().clean() or {}
        if (cleaned.get("title"), cleaned.get("body")) == (self.notice.title, self.notice.body):
            self.add_error("body", "今の文と同じです。誤っているところを直してください。")
        return cleaned


class DeletionForm(forms.Form):
    """That the operator has deleted a closed account's handle, 6(1)."""

    seen_on = DayField(
        label="削除を確かめた日", validators=[_not_to_come],
        help_text="プロフィールのURLを開き、アカウントがなくなっていることを確かめた日です。",
    )  # fmt: skip

    def __init__(self, *args: Any, change: StandingChange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.change = change

    def clean_seen_on(self) -> datetime.date:
        """Nothing is deleted before the account is closed, or before that was decided."""
        day: datetime.date = self.cleaned_data["seen_on"]
        decided_on = self.change.deletion_decided_on
        if decided_on and day < decided_on:
            raise ValidationError("削除に改めた日より前の日付は入力できません。")
        if day < self.change.effective_on:
            raise ValidationError("廃止した日より前の日付は入力できません。")
        return day
