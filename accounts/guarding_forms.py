"""What is asked of a closed account that the city still guards, 6(1)."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.guarding import able_to_guard
from accounts.models import Access, Account
from shinshiro_sns.admin import is_key
from staff.fields import RowsField, TextField
from staff.models import User


class GuardingForm(forms.Form):
    """What both steps carry: the state of the account that the person looked at."""

    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, account: Account) -> None:
        super().__init__(data)
        self.initial["revision"] = account.revision

    def clean_revision(self) -> int:
        """What the person looked at; nothing there ever was, where the page did not say it."""
        written: str = self.cleaned_data["revision"]
        return int(written) if is_key(written) else -1

    @property
    def answers(self) -> dict[str, Any]:
        """What the step is taken with, beside its revision."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class GuardsForm(GuardingForm):
    """Who guards the account from today on."""

    administrators = RowsField(
        User.objects.none(), label="管理する職員", widget=forms.CheckboxSelectMultiple,
        help_text="このアカウントにログインできる職員です。1人が異動しても困らないように、2人以上をおすすめします。"
        "選ばなかった職員と、これまでの利用者は、今日からログインできる職員ではなくなります。",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, account: Account) -> None:
        super().__init__(data, account=account)
        current = Access.objects.current().filter(account=account, kind=Access.Kind.ADMINISTRATOR)
        self.initial["administrators"] = list(current.values_list("person", flat=True))
        people: Any = self.fields["administrators"]
        people.queryset = able_to_guard(account)
        people.label_from_instance = lambda person: person.name


class DeleteForm(GuardingForm):
    """Why a guarded account is to be deleted after all."""

    note = TextField(
        label="理由(庁内の記録)", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="監査で確かめられるように、決めた理由を書きます。公開はされません。",
    )  # fmt: skip


FORMS = {"name_guards": GuardsForm, "delete_handle": DeleteForm}
