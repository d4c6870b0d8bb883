"""One report in the admin: all there is to decide by, never an editable state, and the notes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies.consulting import consultation_workflow
from policies.models import Consultation, GuidelineVersion, InternalNote, OperatingPolicy
from policies.workflow import policy_workflow
from tests import factories

take = policy_workflow.take


def page_of(policy, part="change"):
    return reverse(f"admin:policies_operatingpolicy_{part}", args=[policy.pk])


@pytest.fixture
def report(cast):
    return factories.policy(
        factories.account(cast.tourism), cast.officer, "reported", head=cast.head
    )


@pytest.fixture
def see(client, cast):
    def see(policy, person=None):
        client.force_login(person or cast.pr_officer)
        response = client.get(page_of(policy))
        assert response.status_code == 200
        return response

    return see


def labels(response):
    return [button["label"] for button in response.context["buttons"]]


@pytest.mark.parametrize("part", ["change", "history"])
@pytest.mark.parametrize("who", ["officer", "head", "deputy", "partner_officer", "stranger"])
def test_a_department_s_people_do_not_enter_the_admin(client, cast, report, who, part):
    client.force_login(getattr(cast, who))
    response = client.get(page_of(report, part))
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


@pytest.mark.parametrize("address", ["999999", "99999999999999999999999", "abc", "1_5F2"])
def test_a_report_that_is_not_there_is_404(client, cast, address):
    client.force_login(cast.pr_officer)
    assert client.get(f"/admin/policies/operatingpolicy/{address}/change/").status_code == 404


@pytest.mark.parametrize("who", ["pr_officer", "pr_head", "auditor", "administrator"])
def test_nothing_posted_to_a_report_s_page_is_taken(client, cast, report, who):
    client.force_login(getattr(cast, who))
    response = client.post(page_of(report), {"state": "in_force", "purpose": "別の目的"})
    assert response.status_code == 403
    report.refresh_from_db()
    assert (report.state, report.purpose) == ("reported", "市内の催しを広く知らせるため")


@pytest.mark.parametrize("who", ["pr_officer", "auditor", "administrator"])
def test_reports_are_neither_added_nor_deleted_in_the_admin(client, cast, report, who):
    client.force_login(getattr(cast, who))
    for method in (client.get, client.post):
        assert method(reverse("admin:policies_operatingpolicy_add")).status_code == 403
        assert method(page_of(report, "delete")).status_code == 403
    assert OperatingPolicy.objects.count() == 1


def test_the_page_shows_whose_turn_it_is_the_five_items_and_the_steps(cast, report, see):
    response = see(report)
    html = response.content.decode()
    assert response.context["turn"].who == "広報主管課"
    assert "あなたの番です" in html
    for text in ("市内の催しを広く知らせるため", "個人情報は投稿しません。", "月〜金 8:30〜17:15"):
        assert text in html
    assert labels(response) == ["受理する", "所属に差し戻す", "担当になる"]
    # Nothing of the filing can be typed over: the one field is the note's.
    assert html.count("<textarea") == 1
    assert 'name="state"' not in html


def test_taking_a_report_on_is_one_press_with_the_revision_that_was_seen(cast, client, report, see):
    button = see(report).context["buttons"][2]
    assert button["fields"] == [("revision", report.revision)]
    client.post(button["url"], dict(button["fields"]))
    report.refresh_from_db()
    assert report.assignee == cast.pr_officer


def test_of_two_people_on_one_report_the_second_is_told(cast, client, report, see):
    two = (cast.pr_officer, cast.pr_second)
    first, second = (see(report, person).context["buttons"][2] for person in two)
    client.force_login(cast.pr_officer)
    client.post(first["url"], dict(first["fields"]))
    client.force_login(cast.pr_second)
    response = client.post(second["url"], dict(second["fields"]))
    assert response.status_code == 409
    assert "画面を開いた後に内容が変わりました。" in response.content.decode()
    report.refresh_from_db()
    assert report.assignee == cast.pr_officer


def test_what_another_has_taken_on_is_not_called_my_turn(cast, report, see):
    take(report, "assign", by=cast.pr_second)
    assert see(report).context["mine"] is False
    assert see(report, cast.pr_second).context["mine"] is True


def test_who_reported_it_is_told_why_he_cannot_receive_it(cast, see):
    own = factories.policy(factories.account(cast.pr_division), cast.pr_officer, "with_head")
    own = take(own, "set", by=cast.pr_head)
    response = see(own, cast.pr_head)
    assert "受理する" not in labels(response)
    html = response.content.decode()
    assert "「受理する」はまだできません" in html
    assert "ご自身が報告したものは受理できません。" in html
    assert "/guideline/#c3-2" in html


@pytest.mark.parametrize("who", ["auditor", "administrator"])
def test_auditors_and_administrators_read_and_have_no_step(cast, report, see, who):
    response = see(report, getattr(cast, who))
    assert labels(response) == []
    assert "できること" not in response.content.decode()


def test_a_resubmission_shows_what_changed_since_it_was_sent_back_and_why_it_was(cast, report, see):
    take(report, "return", by=cast.pr_officer, note="書き直してください", reasons=["purpose"])
    report.refresh_from_db()
    report.purpose = "観光客を増やすため"
    report.save()
    take(report, "submit", by=cast.officer)
    take(report, "set", by=cast.head)
    response = see(report)
    html = response.content.decode()
    assert [row.label for row in response.context["since_return"]] == ["情報発信の目的"]
    assert response.context["since_force"] is None
    assert "<ins>" in html
    assert "<del>" in html
    assert "再提出" in html
    assert "目的または発信する内容が具体的ではありません。" in html
    assert "書き直してください" in html


def test_a_next_version_shows_what_differs_from_the_one_in_force(cast, see):
    account = factories.account(cast.tourism)
    people = {"head": cast.head, "receiver": cast.pr_officer}
    first = factories.policy(account, cast.officer, "in_force", **people)
    policy = factories.policy(
        account, cast.officer, "reported", head=cast.head, content="交通規制のお知らせ"
    )
    response = see(policy)
    assert [row.label for row in response.context["since_force"]] == ["発信する内容"]
    assert page_of(first) in response.content.decode()


def test_the_outline_says_who_brought_it_here_and_whom_to_call(cast, see):
    cast.tourism.telephone = "0536-23-7613"
    cast.tourism.save()
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, "in_force",
        head=cast.head, receiver=cast.pr_officer,
    )  # fmt: skip
    assert {row["label"]: row["value"] for row in see(policy).context["facts"]} == {
        "管理する所属": "観光課(電話 0536-23-7613)",
        "提出した人": "観光 担当",
        "報告した人": "観光 課長",
        "受理した人": "広報 担当",
        "提出回数": "1回",
    }


def test_a_decision_for_an_absent_head_is_shown_with_its_reason_and_its_review(cast, see):
    absence = factories.absence(cast.tourism, cast.head, reason="県庁への出張")
    policy = factories.policy(factories.account(cast.tourism), cast.officer, "with_head")
    policy = take(policy, "set_for_head", by=cast.deputy, note="急ぐため")
    said = f"観光 補佐({absence.person}さんの不在により代決:県庁への出張、"
    assert said + "後閲はまだ)" in see(policy).content.decode()
    take(policy, "review", by=cast.head)
    assert said + "観光 課長さんが後閲済み)" in see(policy).content.decode()


def test_consultations_stand_there_with_their_answers(cast, see):
    policy = factories.draft(factories.account(cast.tourism), cast.officer, partners=(cast.safety,))
    policy = take(policy, "submit", by=cast.officer)
    asked = Consultation.objects.get(policy=policy)
    consultation_workflow.take(asked, "agree", by=cast.partner_head, note="賛成です")
    html = see(policy).content.decode()
    for text in ("防災課", "同意", "賛成です", "防災 課長さん"):
        assert text in html


def test_the_history_link_leads_to_the_page_s_own_history(client, cast, report):
    client.force_login(cast.auditor)
    response = client.get(page_of(report, "history"))
    assert response.url == page_of(report) + "#history"
    assert 'id="history"' in client.get(page_of(report)).content.decode()


def test_a_note_is_written_by_the_pr_division_and_read_by_auditors(client, cast, report, see):
    client.force_login(cast.pr_officer)
    response = client.post(page_of(report, "note"), {"text": "写真の同意を確認中"})
    assert response.url == page_of(report) + "#notes"
    [note] = InternalNote.objects.all()
    assert (note.policy, note.author, note.text) == (report, cast.pr_officer, "写真の同意を確認中")
    for person in (cast.pr_second, cast.auditor):
        assert "写真の同意を確認中" in see(report, person).content.decode()
    # Who administers the portal has no part in the case.
    assert "内部メモ" not in see(report, cast.administrator).content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("auditor", 403), ("administrator", 403), ("officer", 302), ("head", 302), ("stranger", 302)],
)
def test_nobody_else_writes_a_note(client, cast, report, who, status):
    client.force_login(getattr(cast, who))
    assert client.post(page_of(report, "note"), {"text": "x"}).status_code == status
    assert InternalNote.objects.count() == 0


def test_a_note_is_only_posted(client, cast, report):
    client.force_login(cast.pr_officer)
    assert client.get(page_of(report, "note")).status_code == 405


def test_a_double_click_keeps_one_note(client, cast, report):
    client.force_login(cast.pr_officer)
    for _ in range(2):
        client.post(page_of(report, "note"), {"text": "確認中"})
    client.post(page_of(report, "note"), {"text": "確認済み"})
    assert [note.text for note in InternalNote.objects.all()] == ["確認中", "確認済み"]


@pytest.mark.parametrize("text", ["", "   ", "あ" * 2001, "a\0b"])
def test_a_note_that_cannot_be_kept_comes_back_with_the_reason(client, cast, report, text):
    client.force_login(cast.pr_officer)
    response = client.post(page_of(report, "note"), {"text": text})
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>エラー:" in html
    assert 'href="#id_text"' in html
    assert InternalNote.objects.count() == 0


def test_a_long_case_takes_as_many_queries_as_a_short_one(client, cast, report, see):
    def count():
        with CaptureQueriesContext(connection) as queries:
            see(report)
        return len(queries)

    def another_round():
        take(report, "return", by=cast.pr_officer, note="直す", reasons=["purpose", "hours"])
        take(report, "submit", by=cast.officer)
        take(report, "set", by=cast.head)
        InternalNote.objects.create(policy=report, author=cast.pr_second, text="メモ")

    another_round()
    count()
    once = count()
    another_round()
    another_round()
    assert count() == once


def test_a_case_of_five_partners_takes_as_many_queries_as_one_of_two(client, cast):
    def count(number):
        partners = [factories.department() for _ in range(number)]
        for partner in partners:
            factories.member(partner, "head")
        report = factories.policy(
            factories.account(cast.tourism), cast.officer, "reported",
            head=cast.head, partners=partners,
        )  # fmt: skip
        client.get(page_of(report))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(report)).status_code == 200
        return len(queries)

    client.force_login(cast.pr_officer)
    assert count(5) == count(2)


@pytest.mark.parametrize("who", ["pr_officer", "auditor", "administrator"])
def test_the_guideline_s_versions_are_there_to_read_alone(client, cast, who):
    version = GuidelineVersion.objects.create(
        title="運用ガイドライン", text="1 基本原則", effective_from="2013-04-17"
    )
    client.force_login(getattr(cast, who))
    page = reverse("admin:policies_guidelineversion_change", args=[version.pk])
    assert client.get(reverse("admin:policies_guidelineversion_changelist")).status_code == 200
    assert "1 基本原則" in client.get(page).content.decode()
    assert client.post(page, {"text": "別の文"}).status_code == 403
    assert client.get(reverse("admin:policies_guidelineversion_add")).status_code == 403
