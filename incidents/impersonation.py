"""なりすまし, 5(2): what opening and the plan's steps ask, and what the incident's page shows of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Notice
from accounts.names import visible_only
from accounts.profiles import Profile, UnreadableProfile, read_profile
from incidents import accusing, fakes, takedowns
from incidents.forms import OpeningForm
from incidents.models import Fake, Incident, IncidentStep, TakedownRequest
from incidents.notice_forms import PublicNoticeForm
from incidents.parts import Panel, Part, StepPart
from incidents.step_forms import DoneForm
from shinshiro_sns.steps import Unmet
from staff.models import User

KIND = fakes.KIND
URL_HELP = "偽のアカウントのプロフィールのページのURLです。開かずに、写し取って貼り付けてください。"
# Of a handle in the title of a notice.
LONGEST_NAME = 50


def read_fake(text: str) -> Profile:
    """The account that `text` names. Raises ValidationError with a sentence for who typed it."""
    try:
        return read_profile(text)
    except UnreadableProfile as error:
        raise ValidationError(str(error)) from error


class ImpersonationOpeningForm(OpeningForm):
    """With the fake's address, where one knows it already."""

    field_order = ("account", "department", "url", "known", "discovered_at", "severity")

    url = forms.CharField(
        label="偽のアカウントのURL", required=False, max_length=2000,
        help_text=f"{URL_HELP}分からないときは、空のままにします。後で登録できます。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].help_text = "まねをされている、市のアカウントです。"

    def clean_url(self) -> Profile | None:
        """No account of the city, and none that another incident is about."""
        if not self.cleaned_data["url"]:
            return None
        profile = read_fake(self.cleaned_data["url"])
        if account := fakes.ours(profile):
            raise ValidationError(fakes.why_ours(account))
        if other := fakes.dealt_with(profile):
            self.leads_to = other.incident
            raise ValidationError(fakes.why_dealt_with(other, self.by))
        return profile

    @property
    def facts(self) -> dict[str, Any]:
        """With the service that the address names."""
        given = super().facts
        if profile := self.cleaned_data.get("url"):
            given["service"] = profile.service
        return given

    def is_of(self, incident: Incident) -> bool:
        """Two fakes found in one minute are two cases, however alike the words are."""
        profile = self.cleaned_data.get("url")
        if not profile:
            return True
        return Fake.objects.of(profile).filter(incident=incident).exists()

    def after(self, incident: Incident) -> None:
        """Keep which account it is."""
        if profile := self.cleaned_data.get("url"):
            fakes.identify(incident, self.by, profile)


class FakeForm(forms.Form):
    """Which account it is: its address, the name it shows, and the number that never changes."""

    url = forms.CharField(
        label="偽のアカウントのURL", max_length=2000, help_text=URL_HELP,
        error_messages={"required": "偽のアカウントのURLを入力してください。"},
    )  # fmt: skip
    name = forms.CharField(
        label="表示名", max_length=100, required=False, validators=[visible_only],
        help_text="プロフィールに大きく出ている名前です。そのまま写し取ります。",
    )  # fmt: skip
    permanent_id = forms.CharField(
        label="変わらない番号", max_length=100, required=False, validators=[visible_only],
        help_text="分かるときだけ入力します。アカウント名を変えられても、同じアカウントだと分かります。",
    )  # fmt: skip
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_url(self) -> Profile:
        """As every address of an account is read."""
        return read_fake(self.cleaned_data["url"])


class SiteForm(PublicNoticeForm):
    """The public notice, which calls the account a fake in the moment it is published."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_read"].label = "このアカウントを「なりすまし」と公表することを確かめた"
        self.fields[
            "body"
        ].help_text = "文例を入れてあります。偽のアカウントへのリンクにはなりません。"

    def drafted_title(self) -> str:
        """With the fake's name, where it is short enough to be read."""
        incident = self.step.incident
        fake = Fake.objects.filter(incident=incident).first()
        called = fake.called if fake and len(fake.called) <= LONGEST_NAME else ""
        where = f"{incident.service_name}の" if incident.service_name else ""
        return f"{where}偽のアカウント{f'「{called}」' if called else ''}にご注意ください"


class TakedownForm(DoneForm):
    """The request to the operator: by which way, of whose right, and its number."""

    field_order = ("happened_at", "way", "right", "words", "receipt", "url", "revision")

    way = forms.ChoiceField(
        label="依頼の方法", choices=TakedownRequest.Way, widget=forms.RadioSelect,
        error_messages={"required": "依頼の方法を選んでください。"},
    )  # fmt: skip
    right = forms.ChoiceField(
        label="侵害されている権利", choices=TakedownRequest.Right, widget=forms.RadioSelect,
        help_text="運営者の通報フォームでも聞かれます。いちばん近いものを選びます。",
        error_messages={"required": "侵害されている権利を選んでください。"},
    )  # fmt: skip
    receipt = forms.CharField(
        label="受付番号", max_length=100, required=False, validators=[visible_only],
        help_text="まだ届いていないときは、空のままにします。回答と一緒に記録できます。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_at"].label = "依頼した日時"
        self.fields["words"].label = "依頼した内容"
        self.fields["url"].label = "依頼したページのURL"
        self.fields["url"].help_text = "通報フォームなどのURLです。"


# --- What the incident's page shows ----------------------------------------------------------------


def _shown(incident: Incident, user: User) -> dict[str, Any]:
    fake = Fake.objects.select_related("notice").filter(incident=incident).first()
    return {
        "fake": fake,
        "closeness": fakes.closeness(fake, incident.account) if fake else [],
        "takedowns": list(incident.takedowns.select_related("recorded_by")),
        "may_identify": incident.is_running
        and (fake is None or fake.is_suspected)
        and user.has_perm(fakes.IDENTIFY, incident),
        "may_ask": incident.is_running and user.has_perm(takedowns.RECORD, incident),
        "may_answer": user.has_perm(takedowns.RECORD, incident),
        "reported": list(incident.reported.counted()),
        "kind_of_notice": Notice.Kind.FAKE.label,
    }


def _how_to_ask(incident: Incident, user: User) -> dict[str, Any]:
    return {"service": takedowns.service_of(incident), "incident": incident}


def _unmet_to_check(step: IncidentStep, by: User) -> list[Unmet]:
    return accusing.not_identified(step.incident)


PARTS = (
    Part(
        KIND,
        opening_form=ImpersonationOpeningForm,
        steps={
            accusing.REPORT: StepPart(unmet_to_undo=accusing.unmet_to_undo),
            accusing.CHECK: StepPart(
                unmet=_unmet_to_check, unmet_to_undo=accusing.unmet_to_undo
            ),
            accusing.SECOND: StepPart(
                unmet=_unmet_to_check, unmet_to_undo=accusing.unmet_to_undo
            ),
            accusing.SITE: StepPart(
                form=SiteForm, unmet=accusing.unmet_to_publish,
                unmet_to_undo=accusing.unmet_to_undo, effect=accusing.published_with,
            ),
            takedowns.TAKEDOWN: StepPart(
                form=TakedownForm, effect=takedowns.asked_with,
                guide=Panel("desk/incidents/fakes/_how_to_ask.html", _how_to_ask),
            ),
        },
        panels=(
            Panel(
                "desk/incidents/fakes/_panel.html", _shown, "desk/incidents/report/fake.html"
            ),
        ),
        unmet_to_drop=accusing.unmet_to_drop,
        laid_down=accusing.laid_down,
        taken_up=accusing.taken_up,
    ),
)  # fmt: skip
