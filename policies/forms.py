"""The forms of a filing: its registration, one per section, and the one a step may need."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import Account, Category
from accounts.names import visible_only
from accounts.profiles import Profile, UnreadableProfile, read_profile
from accounts.services import SERVICES
from policies.fields import HoursField, field_of
from policies.models import OperatingPolicy
from policies.reasons import REASONS
from shinshiro_sns.admin import is_key
from staff import authority
from staff.fields import RowField, TextField
from staff.models import Department, User

NEEDED = "提出までに必須"
CHOOSE = "選んでください"
PROFILE_HELP = (
    "URLでもアカウント名でもかまいません。決まった形に直して登録します。"
    "例:https://x.com/example_city または @example_city"
)


def read_own_profile(text: str, service: str) -> Profile:
    """The profile a person typed; its sentence as a form's error where it cannot be read."""
    try:
        return read_profile(text, service)
    except UnreadableProfile as error:
        raise ValidationError(str(error)) from error


def refuse_registered(
    same: Q, department: Department | None, besides: Account | None = None
) -> None:
    """Names the department that has registered the account already, 3(1), and what then helps
    `department`, which asks. `same` is `same_as` a profile, or a number of the service's own."""
    others = Account.objects.filter(same).select_related("department")
    other = others.exclude(pk=besides.pk).first() if besides else others.first()
    if other is not None:
        way = (
            "アカウントの一覧から開いてください。"
            if other.department == department
            else "あなたの所属のアカウントである場合は、広報主管課に問い合わせてください。"
        )
        raise ValidationError(
            f"このアカウントは{other.department}が登録しています({other.get_status_display()})。"
            f"同じアカウントを二重に登録することはできません。{way}"
        )


def same_as(profile: Profile) -> Q:
    """The condition that a row of the register is this account, whatever it is called there."""
    same = Q(identity=profile.identity)
    if profile.permanent_id:
        same |= Q(service=profile.service, service_account_id=profile.permanent_id)
    return same


class RegisterForm(forms.Form):
    """What is needed to begin: which account of which service, and whose it is."""

    department = RowField(
        Department.objects.none(), label="管理する所属", empty_label=CHOOSE,
        help_text="アカウントを取得し、管理・運用する所属です。共同利用は後で入力します。",
    )  # fmt: skip
    service = forms.ChoiceField(
        label="ソーシャルメディアの種類",
        choices=[("", CHOOSE)] + [(s.key, s.name) for s in SERVICES.values() if not s.is_retired],
    )
    url = forms.CharField(
        label="アカウントのURLまたはアカウント名", max_length=2000, help_text=PROFILE_HELP
    )
    name = forms.CharField(
        label="表示名", max_length=100, validators=[visible_only],
        help_text="プロフィールに表示される名前です。市のアカウントだと分かる名前にします。例:新城市観光課",
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = authority.reach(by, "accounts.add_account").own
        departments = Department.objects.current().filter(pk__in=own)
        field = self.fields["department"]
        field.queryset = departments  # type: ignore[attr-defined]
        if len(departments) == 1:
            field.initial = departments[0]

    def clean(self) -> dict[str, Any]:
        """Reads the account canonically and refuses one that is registered already."""
        cleaned = super().clean() or {}
        if cleaned.get("service") and cleaned.get("url"):
            try:
                profile = read_own_profile(cleaned["url"], cleaned["service"])
                refuse_registered(same_as(profile), cleaned.get("department"))
                cleaned["profile"] = profile
            except ValidationError as error:
                self.add_error("url", error)
        return cleaned


class SectionForm(forms.ModelForm):
    """One section of a filing. Nothing is required to save, so that half a form can be kept."""

    class Meta:
        model = OperatingPolicy
        fields: tuple[str, ...] = ()
        formfield_callback = field_of

    needed: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            if name in self.needed:
                field.need = NEEDED  # type: ignore[attr-defined]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 5

    def contradicts(self, values: dict[str, Any]) -> bool:
        """Whether these values of the fields, each right in itself, cannot stand together."""
        return False


class AccountForm(SectionForm):
    """アカウントの種類, アカウント名, URL: 3(3)ア and イ. The service itself never changes."""

    needed = ("url", "name", "category")
    url = forms.CharField(
        label="アカウントのURLまたはアカウント名", max_length=2000, help_text=PROFILE_HELP
    )

    class Meta(SectionForm.Meta):
        fields = ("url", "name", "category", "service_account_id")
        help_texts = {
            "name": "プロフィールに表示される名前です。例:新城市観光課",
            "category": "公開ページで、利用者が分野から探すときに使います。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = self.fields["category"]
        category.choices = [("", CHOOSE), *Category.choices]  # type: ignore[attr-defined]
        label = self.instance.account.service_info.permanent_id_label
        if label or self.instance.service_account_id:
            self.fields[
                "service_account_id"
            ].help_text = f"{label}。アカウント名を変えても変わらない番号です。分かれば入力します。"
        else:
            del self.fields["service_account_id"]

    def clean_url(self) -> str:
        """The canonical URL; the handle and the key of identity go with it."""
        text: str = self.cleaned_data["url"]
        if not text:
            if self.instance.account.status == Account.Status.PREPARING:
                raise ValidationError("アカウントのURLまたはアカウント名を入力してください。")
            return ""
        account = self.instance.account
        profile = read_own_profile(text, account.service)
        refuse_registered(same_as(profile), account.department, besides=account)
        return profile.url

    def clean_service_account_id(self) -> str:
        """The number in the address, which comes first, or else the one that was typed."""
        account, url = self.instance.account, self.cleaned_data.get("url")
        shown = read_profile(url, account.service).permanent_id if url else ""
        typed: str = self.cleaned_data["service_account_id"]
        if typed and not shown:
            same = Q(service=account.service, service_account_id=typed)
            refuse_registered(same, account.department, besides=account)
        return shown or typed

    def save(self, commit: bool = True) -> Any:
        """Keeps handle, identity and, where the address shows it, the permanent id with the URL."""
        policy: OperatingPolicy = self.instance
        profile = read_profile(policy.url, policy.account.service) if policy.url else None
        policy.handle = profile.handle if profile else ""
        policy.identity = profile.identity if profile else ""
        if profile and profile.permanent_id:
            policy.service_account_id = profile.permanent_id
        return super().save(commit)


class PeopleForm(SectionForm):
    """アカウント利用者名及び管理者名, 3(3)イ: people of the departments that run the account."""

    needed = ("users", "administrators")

    class Meta(SectionForm.Meta):
        fields = ("users", "administrators")
        widgets = {
            "users": forms.CheckboxSelectMultiple,
            "administrators": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "users": "このアカウントで書き込みを行う職員です。",
            "administrators": "ログイン情報や権限を管理する職員です。2名以上をおすすめします。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy: OperatingPolicy = self.instance
        departments = [policy.account.department, *policy.partners.all()]
        members = User.objects.members_of(departments)
        for name in ("users", "administrators"):
            # Who was chosen and has left stays visible, so that it is seen and can be undone.
            chosen = getattr(policy, name).values("pk")
            people = members | User.objects.filter(pk__in=chosen)
            self.fields[name].queryset = people.distinct()  # type: ignore[attr-defined]


class SharedForm(SectionForm):
    """Several departments on one account, 3(1)."""

    class Meta(SectionForm.Meta):
        fields = ("is_shared", "shared_theme", "shared_reason", "partners")
        widgets = {"partners": forms.CheckboxSelectMultiple}
        help_texts = {
            "is_shared": "一つの所属だけで使う場合は、選ばずに保存してください。",
            "partners": "提出すると、ここで選んだ所属に合議を依頼します。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Department.objects.current().exclude(pk=self.instance.account.department_id)
        self.fields["partners"].queryset = others  # type: ignore[attr-defined]
        for name in ("shared_theme", "shared_reason", "partners"):
            self.fields[name].need = "共同利用する場合は必須"  # type: ignore[attr-defined]

    def contradicts(self, values: dict[str, Any]) -> bool:
        """Theme, reason and departments belong to a shared account alone."""
        belonging = ("shared_theme", "shared_reason", "partners")
        return not values.get("is_shared") and any(values.get(name) for name in belonging)

    def clean(self) -> dict[str, Any]:
        """Refuses what contradicts itself."""
        cleaned = super().clean() or {}
        if self.contradicts(cleaned):
            self.add_error(
                "is_shared",
                "テーマ・理由・所属は共同利用する場合だけ入力します。"
                "共同利用するときはここを選び、しないときは下の欄を空にしてください。",
            )
        return cleaned


class RegistrationForm(SectionForm):
    """The address with which the account is obtained, 3(5)."""

    needed = ("registration_email",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["registration_email_reason"]
        reason.need = "市のドメイン以外のときは必須"  # type: ignore[attr-defined]

    class Meta(SectionForm.Meta):
        fields = ("registration_email", "registration_email_reason")
        help_texts = {
            "registration_email": "市のドメインのアドレスを使います。公開はされません。",
            "registration_email_reason": "市のドメイン以外のアドレスを使うときは、必ず理由を入力します。",
        }


class PurposeForm(SectionForm):
    """ソーシャルメディアによる情報発信の目的及び内容, 3(3)ウ."""

    needed = ("purpose", "content")

    class Meta(SectionForm.Meta):
        fields = ("purpose", "content")


class OperationForm(SectionForm):
    """ソーシャルメディアの運用方法, 3(3)エ."""

    needed = ("hours", "reply", "reply_handling")
    hours = HoursField(
        label="運用時間",
        help_text="書き込みを行う曜日と時刻です。時刻は 8:30 のように入力します。"
        "曜日によって時刻が違うときは、行を分けます。",
    )

    class Meta(SectionForm.Meta):
        fields = (
            "hours", "closed_on_holidays", "closed_at_year_end", "reply", "reply_handling",
            "post_record", "post_approval",
        )  # fmt: skip
        widgets = {"reply": forms.RadioSelect, "post_record": forms.RadioSelect}
        help_texts = {
            "post_record": "残さない発信も、このポータルで原稿を確かめることはできます。",
            "post_approval": "書いた人とは別の職員が、発信する前に内容を確かめます。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply"].choices = OperatingPolicy.Reply.choices  # type: ignore[attr-defined]
        record = self.fields["post_record"]
        record.choices = OperatingPolicy.PostRecord.choices  # type: ignore[attr-defined]

    def clean_post_record(self) -> str:
        """What an older page does not ask stays as it is."""
        chosen: str = self.cleaned_data["post_record"]
        return chosen or self.instance.post_record


class PersonalForm(SectionForm):
    """個人情報に関する取扱い, 3(3)オ."""

    needed = ("personal_information",)

    class Meta(SectionForm.Meta):
        fields = ("personal_information",)


FORMS: dict[str, type[SectionForm]] = {
    "account": AccountForm,
    "people": PeopleForm,
    "shared": SharedForm,
    "registration": RegistrationForm,
    "purpose": PurposeForm,
    "operation": OperationForm,
    "personal": PersonalForm,
}


class StepForm(forms.Form):
    """What a step asks of the person: words of his own, and reasons where something is returned."""

    reasons = forms.MultipleChoiceField(
        label="差し戻す理由", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(reason.key, f"{reason.sentence}({reason.clause})") for reason in REASONS],
        help_text="当てはまるものをすべて選びます。一度にまとめて伝わります。",
    )  # fmt: skip
    note = TextField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Any, with_reasons: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_reasons:
            for field in self.fields.values():
                field.need = "どちらか必須"  # type: ignore[attr-defined]
        else:
            del self.fields["reasons"]
        if step.note_label:
            self.fields["note"].label = step.note_label
            self.fields["note"].required = step.note_required
        else:
            del self.fields["note"]

    def clean_revision(self) -> int:
        """What the person looked at; nothing there ever was, where the page did not say it."""
        written: str = self.cleaned_data["revision"]
        return int(written) if is_key(written) else -1
