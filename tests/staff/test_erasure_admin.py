"""The pages about erasures: what is past its term, who approves it, what was done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff import erasing
from staff.models import Erasure, User
from tests import factories, html_checker

LIST = "/admin/staff/erasure/"


@pytest.fixture(autouse=True)
def log(settings, tmp_path):
    settings.ERASURE_LOG = str(tmp_path / "erasures.jsonl")


@pytest.fixture
def person(cast):
    return factories.left_long_ago(cast.tourism)


def at(erasure, act=""):
    return f"{LIST}{erasure.pk}/acts/{act}/" if act else f"{LIST}{erasure.pk}/change/"


def test_from_the_proposal_to_the_report(cast, client, person):
    client.force_login(cast.administrator)
    offered = client.get(f"{LIST}propose/").content.decode()
    assert "1件の消去を起案する" in offered
    own = client.post(f"{LIST}propose/", follow=True).content.decode()
    assert "起案した人は承認できません" in own
    assert 'name="total"' not in own

    erasure = Erasure.objects.get()
    client.force_login(cast.pr_officer)
    report = client.post(at(erasure, "approve"), {"total": "1"}, follow=True).content.decode()

    assert "承認し、消去しました。" in report
    assert [cast.administrator.name in report, cast.pr_officer.name in report] == [True, True]
    assert User.objects.get(pk=person.pk).name == f"消去済みの職員 #{person.pk}"
    assert "消去済み" in client.get(LIST).content.decode()


@pytest.mark.parametrize("total", ["", "2", "x", "-1", "9" * 30])
def test_a_count_that_is_not_the_sum_erases_nothing(cast, client, person, total):
    erasure = erasing.propose(cast.administrator)
    client.force_login(cast.pr_officer)

    page = client.post(at(erasure, "approve"), {"total": total})

    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.content.decode()
    assert User.objects.get(pk=person.pk).name == "去った 人"


def test_the_proposer_is_refused_on_the_server_too(cast, client, person):
    erasure = erasing.propose(cast.administrator)
    client.force_login(cast.administrator)

    assert client.post(at(erasure, "approve"), {"total": "1"}).status_code == 403
    assert User.objects.get(pk=person.pk).name == "去った 人"


def test_a_withdrawn_one_can_no_longer_be_approved(cast, client, person):
    erasure = erasing.propose(cast.administrator)
    client.force_login(cast.administrator)
    client.post(at(erasure, "withdraw"))
    client.force_login(cast.pr_officer)

    page = client.post(at(erasure, "approve"), {"total": "1"})

    assert page.status_code == 422
    assert "取り下げられています" in page.content.decode()


def test_a_run_that_was_cut_off_can_be_finished_by_another(cast, client, person, settings):
    erasure = erasing.propose(cast.administrator)
    written, settings.ERASURE_LOG = settings.ERASURE_LOG, "/dev/null/nothing"
    with pytest.raises(OSError, match="/dev/null"):
        erasing.approve(erasure, cast.pr_officer, 1)
    settings.ERASURE_LOG = written
    client.force_login(cast.pr_second)
    assert "続きを消去する" in client.get(at(erasure)).content.decode()

    client.post(at(erasure, "resume"))

    erasure.refresh_from_db()
    assert erasure.carried_out_at is not None


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    cast, client, person, django_assert_num_queries
):
    def withdrawn():
        erasing.withdraw(erasing.propose(cast.administrator), cast.administrator)

    client.force_login(cast.pr_officer)
    withdrawn()
    client.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST)
    withdrawn()
    withdrawn()

    with django_assert_num_queries(len(captured)):
        client.get(LIST)


@pytest.mark.once
def test_the_pages_are_right_by_the_w3cs_checker(cast, client, person):
    client.force_login(cast.administrator)
    pages = {"propose": client.get(f"{LIST}propose/")}
    erasure = erasing.propose(cast.administrator)
    pages["own"] = client.get(at(erasure))
    pages["list"] = client.get(LIST)
    client.force_login(cast.pr_officer)
    pages["to approve"] = client.get(at(erasure))
    pages["wrong"] = client.post(at(erasure, "approve"), {"total": "2"})
    pages["done"] = client.post(at(erasure, "approve"), {"total": "1"}, follow=True)

    assert html_checker.errors({name: p.content.decode() for name, p in pages.items()}) == []
