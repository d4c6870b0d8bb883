"""The desk: two people on one form lose nothing, and the second is asked."""

from django.urls import reverse

from policies.models import OperatingPolicy
from tests.policies.desk import opened, section

State = OperatingPolicy.State


def test_two_people_on_different_fields_lose_nothing(officer, draft, cast, client):
    first = opened(officer, draft, "purpose")
    second = dict(first)
    officer.post(section(draft, "purpose"), {**first, "purpose": "新しい目的"})
    client.force_login(cast.colleague)
    client.post(section(draft, "purpose"), {**second, "content": "新しい内容"})
    draft.refresh_from_db()
    assert (draft.purpose, draft.content) == ("新しい目的", "新しい内容")


def test_the_second_of_two_on_one_field_sees_both_and_keeps_his_text(officer, draft, cast, client):
    first = opened(officer, draft, "purpose")
    officer.post(section(draft, "purpose"), {**first, "purpose": "先に保存した目的"})
    client.force_login(cast.colleague)
    answer = client.post(section(draft, "purpose"), {**first, "purpose": "後から来た目的"})
    assert answer.status_code == 409
    assert answer.context["clashes"] == [
        {"label": "情報発信の目的", "before": "先に保存した目的", "after": "後から来た目的"}
    ]
    assert answer.context["form"]["purpose"].value() == "後から来た目的"
    draft.refresh_from_db()
    assert draft.purpose == "先に保存した目的"
    again = {**first, "purpose": "後から来た目的", "seen": answer.context["seal"]}
    assert client.post(section(draft, "purpose"), again).status_code == 302
    draft.refresh_from_db()
    assert draft.purpose == "後から来た目的"


def test_a_forged_seal_is_treated_as_none(officer, draft):
    posted = {**opened(officer, draft, "purpose"), "purpose": "別の目的", "seen": "forged"}
    assert officer.post(section(draft, "purpose"), posted).status_code == 409


def test_people_chosen_at_once_by_two_are_merged(officer, draft, cast, client):
    first = opened(officer, draft, "people")
    officer.post(section(draft, "people"), {**first, "users": [cast.officer.pk, cast.head.pk]})
    client.force_login(cast.colleague)
    client.post(section(draft, "people"), {**first, "administrators": [cast.colleague.pk]})
    draft.refresh_from_db()
    assert set(draft.users.all()) == {cast.officer, cast.head}
    assert set(draft.administrators.all()) == {cast.colleague}


def test_a_form_sent_after_submission_keeps_its_text_on_the_page(officer, cast, draft):
    posted = opened(officer, draft, "purpose")
    officer.post(reverse("policies:step", args=[draft.pk, "submit"]), {"revision": draft.revision})
    answer = officer.post(section(draft, "purpose"), {**posted, "purpose": "遅れて届いた文"})
    assert answer.status_code == 409
    assert "遅れて届いた文" in answer.content.decode()
    assert "「所属長確認中」になったため、今は編集できません" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.purpose == "市内の催しを広く知らせるため"


def test_a_text_saved_unchanged_stays_unchanged_whatever_ends_its_lines(officer, draft, cast):
    draft.purpose = "一行目\n二行目"
    draft.save()
    first = opened(officer, draft, "purpose")
    officer.post(section(draft, "purpose"), {**first, "purpose": "一行目\n三行目"})
    as_browsers_send = {**first, "purpose": "一行目\r\n二行目", "content": "新しい内容"}
    assert officer.post(section(draft, "purpose"), as_browsers_send).status_code == 302
    draft.refresh_from_db()
    assert (draft.purpose, draft.content) == ("一行目\n三行目", "新しい内容")


def test_the_end_of_a_line_counts_as_one_sign(officer, draft):
    longest = "\r\n".join(["あ" * 999] * 2) + "\r\n終"
    posted = {**opened(officer, draft, "purpose"), "purpose": longest[:-1]}
    assert officer.post(section(draft, "purpose"), posted).status_code == 302
    draft.refresh_from_db()
    assert draft.purpose == "\n".join(["あ" * 999] * 2)


def test_a_reason_for_sharing_meets_somebody_who_stopped_sharing(officer, draft, cast, client):
    draft.is_shared, draft.shared_theme = True, "催しの案内"
    draft.save()
    first = opened(officer, draft, "shared")
    alone = {name: value for name, value in first.items() if name != "is_shared"}
    officer.post(section(draft, "shared"), {**alone, "shared_theme": ""})
    client.force_login(cast.colleague)

    typed = {**first, "shared_reason": "探しやすいため"}
    answer = client.post(section(draft, "shared"), typed)

    assert answer.status_code == 409
    assert answer.context["clashes"] == [
        {"label": "共同利用", "before": "しない", "after": "する"},
        {"label": "共通するテーマ", "before": "", "after": "催しの案内"},
    ]
    again = client.post(section(draft, "shared"), {**typed, "seen": answer.context["seal"]})
    assert again.status_code == 302
    draft.refresh_from_db()
    assert (draft.is_shared, draft.shared_theme, draft.shared_reason) == (
        True, "催しの案内", "探しやすいため",
    )  # fmt: skip


def test_a_box_both_changed_is_said_in_words(officer, draft, cast, client):
    officer.post(section(draft, "operation"), {"seen": "", **_hours(draft)})
    client.force_login(cast.colleague)
    answer = client.post(section(draft, "operation"), {"seen": "", **_hours(draft)})
    rows = {row["label"]: (row["before"], row["after"]) for row in answer.context["clashes"]}
    assert rows["祝日は運用しない"] == ("はい", "いいえ")


def _hours(draft):
    return {"hours-0-days": ["0"], "hours-0-from": "8:30", "hours-0-to": "9:00", "reply": "none",
            "reply_handling": draft.reply_handling}  # fmt: skip
