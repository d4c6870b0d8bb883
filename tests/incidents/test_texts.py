"""Texts to start from: kept by the PR division, checked when saved, filled with what is known."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from incidents import texts
from incidents.kinds import KINDS
from incidents.models import Correction, Incident, IncidentText
from incidents.opening import open_incident
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_texts")]


def opened(cast: Cast, kind: str = "error", **fields: Any) -> Incident:
    account = factories.official(cast.tourism)
    made, _ = open_incident(
        kind, cast.tourism, cast.officer, account=account, known="分かっていること",
        discovered_at=timezone.now(), **fields,
    )  # fmt: skip
    return made


def step_of(incident: Incident, key: str) -> Any:
    return incident.steps.get(text_key=key)


def test_every_step_that_starts_from_a_text_has_one_from_the_first_day():
    wanted = {step.text for kind in KINDS.values() for step in kind.steps if step.text}
    wanted |= {key for kind in KINDS.values() for key, _ in kind.texts}
    assert set(IncidentText.objects.values_list("key", flat=True)) == wanted


def test_no_text_of_the_first_day_has_a_place_that_nothing_fills():
    for text in IncidentText.objects.all():
        text.full_clean()


def test_a_text_is_filled_with_what_is_known(cast):
    incident = opened(cast)
    Correction.objects.create(
        incident=incident, wrong="5月2日です", right="5月3日です", apology="made"
    )
    incident = Incident.objects.get(pk=incident.pk)
    IncidentText.objects.all().delete()
    IncidentText.objects.create(
        key="error.correction",
        title="訂正",
        body="{所属}:{誤っていた内容}→{正しい内容} {アカウントのURL}",
    )
    [text] = texts.for_step(step_of(incident, "error.correction"))
    assert text == texts.Text("訂正", f"観光課:5月2日です→5月3日です {incident.account.url}")


def test_what_is_not_known_yet_is_said_so(cast):
    IncidentText.objects.all().delete()
    IncidentText.objects.create(key="error.correction", title="訂正", body="誤:{誤っていた内容}")
    [text] = texts.for_step(step_of(opened(cast), "error.correction"))
    assert text.body == "誤:(誤っていた内容をここに書きます)"


def test_what_a_fact_says_is_never_read_as_a_place(cast):
    incident = opened(cast)
    Correction.objects.create(incident=incident, wrong="{所属}", right="正", apology="made")
    incident = Incident.objects.get(pk=incident.pk)
    assert texts.filled("{誤っていた内容}", incident) == "{所属}"


def test_several_texts_of_a_step_stand_in_their_order_and_those_not_used_are_left_out(cast):
    IncidentText.objects.all().delete()
    for title, order, used in (("三", 3, True), ("一", 1, True), ("二", 2, False)):
        IncidentText.objects.create(
            key="error.correction", title=title, body="文", order=order, is_active=used
        )
    found = texts.for_step(step_of(opened(cast), "error.correction"))
    assert [text.title for text in found] == ["一", "三"]


def test_a_step_without_a_text_offers_none(cast):
    without = opened(cast).steps.filter(text_key="").first()
    assert texts.for_step(without) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{所属}の{担当}と{係}", "{担当}、{係}に入るものがありません。使えるのは、{市}、{所属}、"),
        ("{所属", "「{」と「}」は、差し込む言葉を囲むときだけ使えます。"),
        ("a}b", "「{」と「}」は、差し込む言葉を囲むときだけ使えます。"),
        ("{}", "「{」と「}」は、差し込む言葉を囲むときだけ使えます。"),
    ],
)
def test_a_place_that_nothing_fills_is_refused_by_name(body, said):
    with pytest.raises(ValidationError) as refused:
        IncidentText(key="error.correction", title="訂正", body=body).full_clean()
    assert refused.value.message_dict["body"][0].startswith(said)


@given(st.text(alphabet=st.sampled_from("{}所属市あ\n\x00a%$"), max_size=40))
def test_no_text_breaks_the_filling_and_what_passes_leaves_no_brace(body):
    example = texts.example(body)
    if not texts.unknown_places(body) and not texts.has_stray_braces(body):
        assert not set("{}") & set(example)


# --- Where it is seen --------------------------------------------------------------------------------


def test_the_step_shows_its_texts_ready_to_copy(client: Client, cast: Cast):
    incident = opened(cast)
    client.force_login(cast.officer)
    page = client.get(step_of(incident, "error.correction").get_absolute_url()).content.decode()
    titles = IncidentText.objects.filter(key="error.correction").values_list("title", flat=True)
    assert [title in page for title in titles] == [True, True]
    assert "(誤っていた内容をここに書きます)" in page


def test_the_pr_division_edits_a_text_and_sees_it_with_examples(client: Client, cast: Cast):
    text = IncidentText.objects.filter(key="error.correction").first()
    address = reverse("admin:incidents_incidenttext_change", args=[text.pk])
    client.force_login(cast.pr_officer)
    given = {"key": text.key, "title": "訂正", "order": "1", "is_active": "on"}
    answer = client.post(address, given | {"body": "{所属}です。", "_continue": ""}, follow=True)
    assert '<div class="text-preview">観光課です。</div>' in answer.content.decode()
    refused = client.post(address, given | {"body": "{だれか}です。"})
    assert "{だれか}に入るものがありません。" in refused.content.decode()
    text.refresh_from_db()
    assert text.body == "{所属}です。"


def test_its_history_says_who_changed_what(client: Client, cast: Cast):
    text = IncidentText.objects.filter(key="error.correction").first()
    client.force_login(cast.pr_officer)
    client.post(
        reverse("admin:incidents_incidenttext_change", args=[text.pk]),
        {"key": text.key, "title": text.title, "order": "1", "is_active": "on", "body": "新しい文"},
    )
    client.force_login(cast.auditor)
    page = client.get(reverse("admin:incidents_incidenttext_history", args=[text.pk]))
    assert cast.pr_officer.name in page.content.decode()
    assert "新しい文" in page.content.decode()
