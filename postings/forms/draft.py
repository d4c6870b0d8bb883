"""The form of a draft: its text and what goes with it, and what is decided of each finding."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import Account
from accounts.services import SERVICES
from postings import decisions
from postings.checking import Image, ImageKind
from postings.decisions import LONGEST_REASON, Point
from postings.drafting import Written
from postings.forms.incidents import IncidentField, offer_incidents
from postings.models import LONGEST_TEXT, Ground, Portrait, Post, Rights
from shinshiro_sns.admin import is_key
from staff.fields import TextField

MOST_IMAGES = 99
# Names of the fields that say what was decided: these, and the key of the finding.
CONFIRMED, WHY = "ok-", "why-"
HIDDEN = ("key", "revision", "seal", "copied_from")


class DraftForm(forms.Form):
    """A draft of one account's post."""

    text = TextField(
        label="本文", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": "本文を入力してください。",
            "max_length": "本文が長すぎます(%(show_value)d字)。%(limit_value)d字までに減らすと、確かめられます。",
        },
    )  # fmt: skip
    services = forms.MultipleChoiceField(
        label="同じ文を発信する、ほかのサービス", required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="選んだサービスの長さや画像の数でも確かめます。",
    )  # fmt: skip
    rights = forms.ChoiceField(
        label="画像などの権利", required=False, choices=Rights.choices, widget=forms.RadioSelect
    )
    rights_note = forms.CharField(
        label="許しを得た相手や、従う条件", required=False, max_length=300,
        help_text="市が作ったもののほかは、必ず入力します。例:撮影した観光協会の了承(11月20日、電話)",
    )  # fmt: skip
    portrait = forms.ChoiceField(
        label="写っている人の承諾", required=False, choices=Portrait.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    ground = forms.ChoiceField(
        label="発信する事由", required=False, choices=Ground.choices, widget=forms.RadioSelect
    )
    ground_reason = TextField(
        label="やむを得ない理由", required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    incident = IncidentField()
    key = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.CharField(required=False, widget=forms.HiddenInput)
    # Whose page it is: see `postings.unsent`.
    seal = forms.CharField(required=False, widget=forms.HiddenInput)
    copied_from = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, account: Account, others: Iterable[str] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.account = account
        choices = [(key, SERVICES[key].name) for key in others]
        self.fields["services"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["services"]
        for kind in ImageKind:
            self.fields[f"image-{kind.name}"] = forms.IntegerField(
                label=kind.value, required=False, min_value=0, max_value=MOST_IMAGES,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip
            self.fields[f"described-{kind.name}"] = forms.BooleanField(
                label="説明(代替テキスト)を付ける", required=False
            )
        offer_incidents(self, account, self.initial.get("incident"))
        for name in ("ground", "ground_reason"):
            self.fields[name].need = "※必須"  # type: ignore[attr-defined]
        for name in ("rights", "portrait"):
            self.fields[name].need = "画像などがあるとき必須"  # type: ignore[attr-defined]

    def clean_key(self) -> uuid.UUID:
        """A form that was tampered with is one without a key."""
        key: uuid.UUID = self.cleaned_data["key"]
        return key

    def clean_revision(self) -> int:
        """What the person looked at; nothing there ever was, where the page did not say it."""
        written: str = self.cleaned_data["revision"]
        return int(written) if is_key(written) else -1

    @property
    def image_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Of each kind how many, and whether they are described."""
        return [(self[f"image-{kind.name}"], self[f"described-{kind.name}"]) for kind in ImageKind]

    @property
    def has_images(self) -> bool:
        """Whether the part about images is worth opening: something is said there, or wrong."""
        names = [f"{part}-{kind.name}" for kind in ImageKind for part in ("image", "described")]
        return any(
            self[name].value() or self[name].errors
            for name in (*names, "rights", "rights_note", "portrait")
        )

    @property
    def images(self) -> tuple[Image, ...]:
        """What is attached, as far as it can be read."""
        given = getattr(self, "cleaned_data", {})
        return tuple(
            Image(kind, count, bool(given.get(f"described-{kind.name}")))
            for kind in ImageKind
            if (count := given.get(f"image-{kind.name}"))
        )

    @property
    def typed(self) -> str:
        """The text as far as it can be checked: also what is too long to be saved."""
        text = self.fields["text"].to_python(self.data.get("text", "")) if self.is_bound else ""
        return str(text or "")[:LONGEST_TEXT]

    @property
    def chosen_services(self) -> tuple[str, ...]:
        """The other services that were ticked."""
        return tuple(getattr(self, "cleaned_data", {}).get("services") or ())

    def written(self, found: Mapping[str, str]) -> Written:
        """The draft as it is saved, with what was decided by key."""
        given = self.cleaned_data
        names = ("text", "rights", "rights_note", "portrait", "ground", "ground_reason")
        return Written(
            services=self.chosen_services, images=self.images, decisions=found,
            incident=given.get("incident"), **{name: given[name] for name in names},
        )  # fmt: skip


def initial_of(post: Post, own: str) -> dict[str, Any]:
    """What the form of a saved draft begins with, on an account whose own service is `own`."""
    names = ("text", "rights", "rights_note", "portrait", "ground", "ground_reason")
    initial: dict[str, Any] = {name: getattr(post, name) for name in names}
    initial["incident"] = post.incident_id
    initial["services"] = [key for key in post.services if key != own]
    for image in decisions.images_of(post):
        initial[f"image-{image.kind.name}"] = image.count
        initial[f"described-{image.kind.name}"] = image.has_description
    return initial


class DecisionForm(forms.Form):
    """One field for each finding that somebody decides about."""

    def __init__(self, points: Iterable[Point], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        for point in self.points:
            about = point.finding.title
            if point.level == "error":
                self.fields[WHY + point.key] = forms.CharField(
                    label=f"{about}:直さずに発信する理由", required=False,
                    max_length=LONGEST_REASON, initial=point.decision,
                )  # fmt: skip
            elif point.level == "warning":
                self.fields[CONFIRMED + point.key] = forms.BooleanField(
                    label="確かめた", required=False, initial=bool(point.decision)
                )

    def field_of(self, point: Point) -> forms.BoundField | None:
        """The field in which `point` is decided; None for a hint."""
        prefix = {"error": WHY, "warning": CONFIRMED}.get(point.level)
        return self[prefix + point.key] if prefix else None


def decisions_in(data: Any) -> dict[str, str]:
    """What a request says was decided, by key of the finding."""
    found = {}
    for name in data:
        for prefix in (CONFIRMED, WHY):
            if name.startswith(prefix) and (value := str(data.get(name, "")).strip()):
                found[name.removeprefix(prefix)] = value[:LONGEST_REASON]
    return found


def without_nul(data: QueryDict) -> QueryDict:
    """What was sent without the sign that no database and no service takes."""
    if not any("\0" in value for name in data for value in (name, *data.getlist(name))):
        return data
    plain = QueryDict(mutable=True)
    for name in data:
        plain.setlist(
            name.replace("\0", ""), [value.replace("\0", "") for value in data.getlist(name)]
        )
    return plain
