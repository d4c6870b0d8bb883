"""炎上, 5(3): nobody answers on his own; what goes out is the department's and on record."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents import flaming
from incidents.flaming import reply_workflow
from incidents.models import Incident, Reply, Spread
from incidents.opening import open_incident
from incidents.workflow import incident_workflow
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests import factories
from tests.conftest import Cast
from tests.papers import Paper

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)
URL = "https://x.com/example/status/9"


@pytest.fixture
def incident(cast: Cast) -> Incident:
    account = factories.official(cast.tourism)
    made, _ = open_incident(
        "flaming", cast.tourism, cast.officer, account=account, known="批判が続いている。",
        discovered_at=timezone.now() - 60 * MINUTE,
    )  # fmt: skip
    return made


def drafted(incident: Incident, by: Any, text: str = "説明します。") -> Reply:
    return flaming.draft(incident, by, answers="駐車場への批判", text=text)


def taken(reply: Reply, *steps: tuple[str, Any], **extra: Any) -> Reply:
    for name, by in steps:
        reply = reply_workflow.take(reply, name, by=by, **extra)
    return reply


def offered(reply: Reply, by: Any) -> set[str]:
    return {o.step.name for o in reply_workflow.offers(reply, by) if not o.unmet}


# --- The way of a reply -------------------------------------------------------------------------------


def test_it_is_drafted_approved_by_the_head_and_posted_as_the_departments(cast, incident):
    reply = taken(drafted(incident, cast.officer), ("submit", cast.officer), ("approve", cast.head))
    reply = taken(reply, ("post", cast.officer), posted_at=timezone.now(), url=URL)
    assert (reply.state, reply.approved_by, reply.url) == ("posted", cast.head, URL)
    log = list(
        incident.entries.filter(kind__in=["decision", "post"]).values_list("kind", "text", "url")
    )
    assert log == [
        ("decision", "所属としての投稿を承認した:説明します。", ""),
        ("post", "所属として投稿した:説明します。", URL),
    ]


def test_what_is_not_approved_cannot_be_posted(cast, incident):
    reply = drafted(incident, cast.officer)
    with pytest.raises(StepOvertaken):
        taken(reply, ("post", cast.officer), posted_at=timezone.now(), url=URL)
    reply = taken(reply, ("submit", cast.officer))
    assert "post" not in offered(reply, cast.officer)


def test_an_officer_approves_nothing_and_a_deputy_only_while_the_head_is_away(cast, incident):
    reply = taken(drafted(incident, cast.officer), ("submit", cast.officer))
    assert offered(reply, cast.officer) == {"recall", "drop"}
    assert offered(reply, cast.head) == {"recall", "approve", "return", "drop"}
    assert offered(reply, cast.deputy) == {"recall", "drop"}
    factories.absence(cast.tourism, cast.head)
    assert offered(reply, cast.deputy) == {"recall", "approve_for_head", "return_for_head", "drop"}
    reply = taken(reply, ("approve_for_head", cast.deputy))
    assert (reply.approved_by, reply.absence.person) == (cast.deputy, cast.head)


def test_who_wrote_it_does_not_approve_it_even_the_head(cast, incident):
    reply = taken(drafted(incident, cast.head), ("submit", cast.head))
    with pytest.raises(StepNotMet) as refused:
        taken(reply, ("approve", cast.head))
    assert str(refused.value) == flaming.OTHERS_WORDS


def test_another_text_is_another_authors_and_asks_for_approval_anew(cast, incident):
    reply = taken(drafted(incident, cast.officer), ("submit", cast.officer), ("approve", cast.head))
    reply = taken(reply, ("return", cast.head), note="やわらかく")
    assert (reply.state, reply.approved_by) == ("returned", None)
    reply = flaming.rewrite(
        reply, cast.colleague, seen=reply.revision, answers="駐車場への批判", text="おわびします。"
    )
    assert (reply.written_by, reply.text) == (cast.colleague, "おわびします。")


def test_a_text_with_the_head_is_not_rewritten(cast, incident):
    reply = taken(drafted(incident, cast.officer), ("submit", cast.officer))
    with pytest.raises(StepOvertaken):
        flaming.rewrite(reply, cast.officer, seen=reply.revision, answers="a", text="b")


def test_a_return_says_what_to_mend_and_a_drop_why(cast, incident):
    reply = taken(drafted(incident, cast.officer), ("submit", cast.officer))
    for name in ("return", "drop"):
        with pytest.raises(StepNotMet):
            taken(reply, (name, cast.head))


def test_others_reply_for_no_department_of_theirs(cast, incident):
    reply = taken(drafted(incident, cast.officer), ("submit", cast.officer))
    for stranger in (cast.partner_head, cast.auditor, cast.stranger, cast.administrator):
        assert offered(reply, stranger) == set()
        with pytest.raises(PermissionDenied):
            drafted(incident, stranger)


def test_a_post_is_not_older_than_its_approval_nor_to_come(cast, incident):
    reply = taken(drafted(incident, cast.officer), ("submit", cast.officer), ("approve", cast.head))
    for at in (timezone.now() - 30 * MINUTE, timezone.now() + 5 * MINUTE):
        with pytest.raises(StepNotMet):
            taken(reply, ("post", cast.officer), posted_at=at, url=URL)
    this_minute = timezone.now().replace(second=0, microsecond=0)
    assert taken(reply, ("post", cast.officer), posted_at=this_minute, url=URL).state == "posted"


def test_an_incident_does_not_end_while_a_reply_is_open(cast, incident):
    incident.steps.update(
        state="done", happened_at=timezone.now(), settled_at=timezone.now(), settled_by=cast.head
    )
    reply = drafted(incident, cast.officer)
    end = incident_workflow.steps["end"]
    said = [unmet.sentence for unmet in end.unmet(incident, cast.head)]
    assert said == [
        "所属としての投稿「駐車場への批判」が「下書き」のままです。投稿したことを記録するか、取りやめてください。"
    ]
    taken(reply, ("drop", cast.officer), note="収まったため")
    assert end.unmet(incident, cast.head) == []


def test_the_head_hears_of_a_draft_and_its_author_of_the_answer(cast, incident):
    OutgoingMail.objects.all().delete()
    reply = taken(drafted(incident, cast.officer), ("submit", cast.officer))
    told = set(OutgoingMail.objects.values_list("recipient", flat=True))
    assert told == {cast.head.pk, cast.deputy.pk}
    OutgoingMail.objects.all().delete()
    taken(reply, ("approve", cast.head))
    told = set(OutgoingMail.objects.values_list("recipient", flat=True))
    assert told == {cast.officer.pk, cast.colleague.pk}
    assert "説明します。" in OutgoingMail.objects.first().body


# --- Two people ----------------------------------------------------------------------------------------


def test_who_comes_second_sees_what_stands_there_and_keeps_his_words(
    client: Client, cast, incident
):
    reply = drafted(incident, cast.officer)
    seen = reply.revision
    flaming.rewrite(reply, cast.colleague, seen=seen, answers="a", text="同僚の文")
    client.force_login(cast.officer)
    address = reverse("incidents:edit_reply", args=[incident.pk, reply.pk])
    mine = {"answers": "a", "text": "わたしの文", "revision": seen}
    page = client.post(address, mine)
    assert page.status_code == 409
    assert ("同僚の文" in page.content.decode(), "わたしの文" in page.content.decode()) == (
        True,
        True,
    )
    again = client.post(address, mine | {"revision": seen + 1})
    assert again.status_code == 302
    reply.refresh_from_db()
    assert reply.text == "わたしの文"


def test_pressed_twice_it_is_one_draft(cast, incident):
    assert drafted(incident, cast.officer) == drafted(incident, cast.officer)


# --- How far it spreads ----------------------------------------------------------------------------------


def test_what_is_said_is_kept_with_time_address_and_number(client: Client, cast, incident):
    client.force_login(cast.officer)
    address = reverse("incidents:spread", args=[incident.pk])
    at = timezone.localtime() - 5 * MINUTE
    given = {
        "seen_at": f"{at:%Y-%m-%dT%H:%M}",
        "what": "駐車場への批判",
        "url": URL,
        "count": "120",
    }
    assert client.post(address, given).status_code == 302
    assert client.post(address, given).status_code == 302
    row = Spread.objects.get()
    assert (row.what, row.url, row.count, row.recorded_by) == (
        "駐車場への批判",
        URL,
        120,
        cast.officer,
    )
    assert "120" in client.get(incident.get_absolute_url()).content.decode()


@pytest.mark.parametrize("wrong", [{"what": ""}, {"count": "-1"}, {"seen_at": "2099-01-01T00:00"}])
def test_what_cannot_be_is_refused(client: Client, cast, incident, wrong):
    client.force_login(cast.officer)
    given = {"seen_at": "2020-01-01T00:00", "what": "批判", "url": "", "count": "1"} | wrong
    page = client.post(reverse("incidents:spread", args=[incident.pk]), given)
    assert (page.status_code, Spread.objects.count()) == (422, 0)


def test_the_report_says_what_was_posted_and_how_far_it_spread(client: Client, cast, incident):
    reply = taken(drafted(incident, cast.officer), ("submit", cast.officer), ("approve", cast.head))
    taken(reply, ("post", cast.officer), posted_at=timezone.now(), url=URL)
    flaming.saw(incident, cast.officer, seen_at=timezone.now(), what="駐車場への批判", count=7)
    client.force_login(cast.officer)
    read = Paper(client.get(reverse("incidents:report_paper", args=[incident.pk])).content)
    assert "駐車場への批判説明します。" in read.text
    assert "駐車場への批判7件" in read.text


def test_the_page_of_a_flaming_says_that_nobody_answers_on_his_own(client: Client, cast, incident):
    client.force_login(cast.officer)
    page = client.get(incident.get_absolute_url()).content.decode()
    assert "職員が個人で反論や弁解をしてはいけません。" in page
