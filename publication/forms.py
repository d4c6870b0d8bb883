"""The list's filters as a form, sent by GET."""

from __future__ import annotations

from django import forms

from accounts.models import Category
from accounts.services import SERVICES
from publication.listing import LONGEST_SEARCH, Choices, Filters

ALL = [("", "すべて")]


class FilterForm(forms.Form):
    """Shows `filters` and offers what there is to choose from. It judges nothing: the list does."""

    q = forms.CharField(
        label="検索",
        required=False,
        max_length=LONGEST_SEARCH,
        help_text="表示名・アカウント名・所属・URLの一部で探せます。",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    service = forms.ChoiceField(label="種類", required=False)
    department = forms.ChoiceField(label="所属", required=False)
    category = forms.ChoiceField(label="分野", required=False, choices=ALL + Category.choices)
    status = forms.CharField(required=False, widget=forms.HiddenInput)
    view = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, filters: Filters, choices: Choices) -> None:
        super().__init__(
            initial={
                "q": filters.q,
                "service": filters.service,
                "department": filters.department,
                "category": filters.category,
                "status": "former",
                "view": "table",
            }
        )
        services = choices.services
        if filters.service and SERVICES[filters.service] not in services:
            services = [*services, SERVICES[filters.service]]
        self._offer("service", [(each.key, each.name) for each in services])
        self._offer("department", [(each.code, each.name) for each in choices.departments])
        # An empty parameter in every address would be noise for whoever passes it on.
        if not filters.former:
            del self.fields["status"]
        if not filters.table:
            del self.fields["view"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(
            label=self.fields[name].label, required=False, choices=ALL + choices
        )
