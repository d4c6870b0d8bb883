"""Forms of the credentials ledger, 3(7). None has a field for a password: see `test_credentials.py`."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.credentials import people_of, wrong_day
from accounts.models import Account, ConnectedApp, CredentialChange, Credentials, Device
from staff.fields import DayField, RowField
from staff.models import Department, User

CHOOSE = "選んでください"
NEVER_A_PASSWORD = "パスワードは書かないでください。"  # noqa: S105


def _day(label: str, help_text: str) -> DayField:
    return DayField(label=label, help_text=help_text, initial=timezone.localdate)


class _AccountForm(forms.Form):
    """A form about one account, filled in by one person."""

    def __init__(self, *args: Any, account: Account, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.by = account, by

    def choose(self, name: str, rows: QuerySet[Any]) -> None:
        """Let `name` be chosen from `rows`."""
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def refused(self, error: ValidationError) -> None:
        """Show at its fields what the ledger's rules refused."""
        if hasattr(error, "error_dict"):
            known = {
                name if name in self.fields else None: errors
                for name, errors in error.error_dict.items()
            }
            for name, errors in known.items():
                self.add_error(name, errors)
        else:
            self.add_error(None, error)


class ChangeForm(_AccountForm):
    """One change of password: when, by whom, why; never the password."""

    changed_on = _day("変更日", "運営者の画面でパスワードを変更した日です。")
    changed_by = RowField(User.objects.none(), label="変更した人", empty_label=CHOOSE)
    reason = forms.ChoiceField(
        label="変更の理由", choices=CredentialChange.Reason.choices, widget=forms.RadioSelect
    )
    is_hard_to_guess = forms.BooleanField(
        label="推測されにくいパスワードにした",
        help_text="名前、電話番号、単語そのもの、ほかで使っているものを避け、長くしました。",
        error_messages={"required": "推測されにくいものにしたことを確かめてください。"},
    )
    is_kept_secret = forms.BooleanField(
        label="利用者・管理者のほかには、だれにも知られていない",
        help_text="前の担当者や外部の人が知っているパスワードではありません。",
        error_messages={"required": "関係者以外のだれにも知られていないことを確かめてください。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        # Who has left since the last change may have made one that is recorded only now.
        since = self.account.password_changed_on or today - datetime.timedelta(days=366)
        people = people_of(self.account, min(since, today), today)
        self.choose("changed_by", people)
        if people.filter(pk=self.by.pk).exists():
            self.fields["changed_by"].initial = self.by.pk

    def clean_changed_on(self) -> datetime.date:
        """Says at once what the ledger would refuse, beside whatever else is wrong."""
        day: datetime.date = self.cleaned_data["changed_on"]
        if sentence := wrong_day(self.account, day):
            raise ValidationError(sentence)
        return day


class MeansForm(_AccountForm):
    """What guards the account beside its password."""

    two_factor = forms.ChoiceField(
        label="二要素認証", widget=forms.RadioSelect, choices=Credentials.TwoFactor.choices,
        help_text="パスワードのほかに、もう一つの確かめを求める設定です。",
    )  # fmt: skip
    recovery_address = forms.CharField(
        label="復旧用の連絡先", required=False, max_length=254,
        help_text="ログインできなくなったときに運営者が連絡する、メールアドレスまたは電話番号です。"
        + NEVER_A_PASSWORD,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    recovery_department = RowField(
        Department.objects.none(), label="連絡先を管理する所属", required=False,
        empty_label="なし", help_text="所属で管理する連絡先が望ましいです。",
    )  # fmt: skip
    recovery_person = RowField(
        User.objects.none(), label="連絡先を管理する職員", required=False, empty_label="なし",
        help_text="所属で管理できないときだけ選びます。",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, row: Credentials, **kwargs: Any) -> None:
        initial = {name: getattr(row, name) for name in MEANS} | {"seen": row.revision}
        super().__init__(*args, initial=initial, **kwargs)
        today = timezone.localdate()
        # Whom or what is recorded already stays visible, so that it is seen and can be replaced.
        self.choose(
            "recovery_department",
            Department.objects.filter(
                Q(pk__in=Department.objects.current().values("pk"))
                | Q(pk=row.recovery_department_id)
            ),
        )
        people = people_of(self.account, today, today) | User.objects.filter(
            pk=row.recovery_person_id
        )
        self.choose("recovery_person", people)
        if not row.two_factor:
            self.fields["two_factor"].initial = None


MEANS = ("two_factor", "recovery_address", "recovery_department", "recovery_person")


class _HoldingForm(_AccountForm):
    """Something through which the account can be reached."""

    name = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class DeviceForm(_HoldingForm):
    """A device that stays logged in."""

    kind = forms.ChoiceField(label="種類", choices=Device.Kind.choices, widget=forms.RadioSelect)
    is_private = forms.BooleanField(
        label="職員個人のもの(私物)", required=False,
        help_text="私物は、異動や紛失のときに市が管理できません。公用の端末に替えるまでの間だけ登録します。",
    )  # fmt: skip
    keeper = RowField(
        User.objects.none(), label="管理する職員", required=False, empty_label="決まっていない"
    )
    added_on = _day("使い始めた日", "分からないときは、今日の日付にします。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "端末の名前"
        self.fields["name"].help_text = (
            "備品番号など、どの端末か分かる名前です。例:観光課スマートフォン1号。"
            + NEVER_A_PASSWORD
        )
        today = timezone.localdate()
        self.choose("keeper", people_of(self.account, today, today))


class AppForm(_HoldingForm):
    """Another service that may act for the account."""

    purpose = forms.CharField(
        label="使う目的", max_length=100, help_text="例:投稿の予約。" + NEVER_A_PASSWORD
    )
    added_on = _day("連携を始めた日", "分からないときは、今日の日付にします。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "アプリの名前"
        self.fields[
            "name"
        ].help_text = (
            "アカウントへのアクセスを許可している、ほかのサービスやアプリです。例:予約投稿サービス"
        )


HOLDINGS: dict[type[Device] | type[ConnectedApp], type[DeviceForm] | type[AppForm]] = {
    Device: DeviceForm,
    ConnectedApp: AppForm,
}
