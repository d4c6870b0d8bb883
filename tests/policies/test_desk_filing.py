"""The desk: registering, saving half a form, checking and submitting."""

import pytest
from django.urls import reverse

from accounts.models import Account
from policies import drafting
from policies.models import OperatingPolicy
from policies.workflow import policy_workflow
from tests import factories
from tests.policies.desk import opened, section

State = OperatingPolicy.State


# --- Registering ------------------------------------------------------------------------------


def test_four_answers_make_an_account_with_its_first_draft(officer, cast):
    answer = officer.post(
        reverse("policies:register"),
        {"department": cast.tourism.pk, "service": "x", "url": "twitter.com/@Example_K",
         "name": "新城市観光課"},
    )  # fmt: skip
    account = Account.objects.get()
    assert (account.url, account.handle, account.status) == (
        "https://x.com/Example_K", "Example_K", "preparing",
    )  # fmt: skip
    policy = account.policies.get()
    assert (policy.state, policy.created_by, policy.name) == (
        "draft", cast.officer, "新城市観光課",
    )  # fmt: skip
    assert answer.headers["Location"] == reverse("policies:policy", args=[policy.pk])


def test_an_account_registered_already_is_named_with_its_department(officer, cast):
    factories.account(cast.safety, "example_k")
    answer = officer.post(
        reverse("policies:register"),
        {"department": cast.tourism.pk, "service": "x", "url": "@EXAMPLE_K", "name": "観光課"},
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["url"] == [
        "このアカウントは防災課が登録しています(準備中)。同じアカウントを二重に登録することはできません。"
        "あなたの所属のアカウントである場合は、広報主管課に問い合わせてください。"
    ]
    assert 'value="@EXAMPLE_K"' in answer.content.decode()


def test_ones_own_account_registered_already_is_found_in_the_list(officer, cast):
    factories.account(cast.tourism, "example_k")
    answer = officer.post(
        reverse("policies:register"),
        {"department": cast.tourism.pk, "service": "x", "url": "@example_k", "name": "観光課"},
    )
    assert answer.context["form"].errors["url"] == [
        "このアカウントは観光課が登録しています(準備中)。同じアカウントを二重に登録することはできません。"
        "アカウントの一覧から開いてください。"
    ]


CHANNEL, ANOTHER = "UC" + "a" * 22, "UC" + "b" * 22


def test_a_channel_registered_under_its_handle_is_known_by_its_number(officer, cast):
    factories.account(cast.safety, "@example_k", "youtube", service_account_id=CHANNEL)
    url = f"https://www.youtube.com/channel/{CHANNEL}"
    answer = officer.post(
        reverse("policies:register"),
        {"department": cast.tourism.pk, "service": "youtube", "url": url, "name": "観光課"},
    )
    assert answer.status_code == 422
    assert "このアカウントは防災課が登録しています" in answer.context["form"].errors["url"][0]


def test_the_number_follows_the_address_to_another_channel(officer, cast):
    account = factories.account(
        cast.tourism, f"https://www.youtube.com/channel/{CHANNEL}", "youtube",
        service_account_id=CHANNEL,
    )  # fmt: skip
    draft = factories.draft(account, cast.officer)
    posted = opened(officer, draft, "account")
    posted["url"] = f"https://www.youtube.com/channel/{ANOTHER}"
    assert officer.post(section(draft, "account"), posted).status_code == 302
    account.refresh_from_db()
    assert account.service_account_id == ANOTHER


def test_a_renamed_account_keeps_its_number(officer, cast):
    account = factories.account(cast.tourism, "@old_name", "youtube", service_account_id=CHANNEL)
    draft = factories.draft(account, cast.officer)
    posted = {**opened(officer, draft, "account"), "url": "@new_name"}
    assert officer.post(section(draft, "account"), posted).status_code == 302
    account.refresh_from_db()
    assert (account.handle, account.service_account_id) == ("new_name", CHANNEL)


def test_a_number_that_another_department_has_is_refused_at_its_field(officer, cast):
    factories.account(cast.safety, "@example_k", "youtube", service_account_id=CHANNEL)
    draft = factories.draft(factories.account(cast.tourism, "@other_k", "youtube"), cast.officer)
    posted = {**opened(officer, draft, "account"), "service_account_id": CHANNEL}
    answer = officer.post(section(draft, "account"), posted)
    assert answer.status_code == 422
    assert (
        answer.context["form"]
        .errors["service_account_id"][0]
        .startswith("このアカウントは防災課が登録しています(準備中)。")
    )


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u2066", "\u00ad", "\u2028"])
def test_a_name_with_signs_nobody_sees_is_refused(officer, cast, draft, sign):
    name = f"新城市{sign}観光課"
    registered = officer.post(
        reverse("policies:register"),
        {"department": cast.tourism.pk, "service": "x", "url": "@example_k", "name": name},
    )
    posted = {**opened(officer, draft, "account"), "name": name}
    saved = officer.post(section(draft, "account"), posted)
    said = (
        f"目に見えない文字(U+{ord(sign):04X})が含まれています。消してから、入力し直してください。"
    )
    assert registered.context["form"].errors["name"] == [said]
    assert saved.context["form"].errors["name"] == [said]


@pytest.mark.parametrize("number", ["9" * 25, "9" * 19, "-1", "1e3", "１", "9" * 5000])
def test_a_row_that_cannot_be_is_no_valid_choice(officer, draft, number):
    shared = {**opened(officer, draft, "shared"), "partners": [number], "is_shared": "on"}
    people = {**opened(officer, draft, "people"), "users": [number]}
    new = {"department": number, "service": "x", "url": "@example_k", "name": "観光課"}
    answers = {
        "partners": officer.post(section(draft, "shared"), shared),
        "users": officer.post(section(draft, "people"), people),
        "department": officer.post(reverse("policies:register"), new),
    }
    assert {field: answer.status_code for field, answer in answers.items()} == {
        "partners": 422, "users": 422, "department": 422,
    }  # fmt: skip
    assert all(list(a.context["form"].errors) == [field] for field, a in answers.items())


def test_another_department_cannot_be_chosen(officer, cast):
    answer = officer.post(
        reverse("policies:register"),
        {"department": cast.safety.pk, "service": "x", "url": "@example_k", "name": "防災課"},
    )
    assert answer.status_code == 422
    assert Account.objects.count() == 0


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://www.facebook.com/foo",
        "\0",
        "あ" * 3000,
        "https://x.com/home",
    ],
)
def test_an_unreadable_address_is_named_and_nothing_is_lost(officer, cast, url):
    answer = officer.post(
        reverse("policies:register"),
        {"department": cast.tourism.pk, "service": "x", "url": url, "name": "新城市観光課"},
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["url"]
    assert "新城市観光課" in answer.content.decode()
    assert answer.content.decode().count("<title>エラー:") == 1


# --- Sections -----------------------------------------------------------------------------------


def test_half_a_section_is_saved_and_read_again(officer, draft):
    officer.post(section(draft, "purpose"), {**opened(officer, draft, "purpose"), "content": ""})
    draft.refresh_from_db()
    assert (draft.purpose, draft.content) == ("市内の催しを広く知らせるため", "")


def test_save_and_next_goes_through_the_sections_in_order(officer, draft):
    posted = {**opened(officer, draft, "people"), "next": "1"}
    answer = officer.post(section(draft, "people"), posted)
    assert answer.headers["Location"] == section(draft, "shared")


def test_hours_are_stored_as_data(officer, draft):
    posted = {
        **opened(officer, draft, "operation"),
        "hours-0-days": ["0", "2"], "hours-0-from": "9:00", "hours-0-to": "12:00",
        "hours-3-days": ["5"], "hours-3-from": "22:00", "hours-3-to": "2:00",
    }  # fmt: skip
    officer.post(section(draft, "operation"), posted)
    draft.refresh_from_db()
    assert draft.hours == [
        {"days": [0, 2], "from": "09:00", "to": "12:00"},
        {"days": [5], "from": "22:00", "to": "02:00"},
    ]
    assert draft.said_hours.startswith("月・水 9:00〜12:00、土 22:00〜翌2:00")


@pytest.mark.parametrize(
    ("days", "start", "end", "sentence"),
    [
        (
            ["0"],
            "25:00",
            "26:00",
            "1行目:時刻は 8:30 のように、0:00から24:00までで入力してください。",
        ),
        (["0"], "8:30", "", "1行目:始まりと終わりの時刻を入力してください。"),
        ([], "8:30", "9:00", "1行目:曜日を選んでください。"),
        (["9"], "8:30", "9:00", "1行目:曜日を選んでください。"),
        (["x"], "8:30", "9:00", "1行目:曜日を選んでください。"),
        (["0"], "\0", "9:00", "1行目:時刻は 8:30 のように、0:00から24:00までで入力してください。"),
    ],
)
def test_a_mistake_in_the_hours_is_said_with_its_row(officer, draft, days, start, end, sentence):
    posted = {"hours-0-days": days, "hours-0-from": start, "hours-0-to": end}
    answer = officer.post(section(draft, "operation"), posted)
    assert answer.status_code == 422
    assert answer.context["form"].errors["hours"] == [sentence]


def test_overlapping_hours_name_both_rows(officer, draft):
    posted = {
        "hours-0-days": ["0"], "hours-0-from": "8:00", "hours-0-to": "12:00",
        "hours-1-days": ["0"], "hours-1-from": "11:00", "hours-1-to": "13:00",
    }  # fmt: skip
    answer = officer.post(section(draft, "operation"), posted)
    assert answer.context["form"].errors["hours"] == [
        "運用時間が重なっています:「月 8:00〜12:00」と「月 11:00〜13:00」。"
    ]


def test_the_register_follows_while_the_account_is_prepared(officer, draft):
    posted = {**opened(officer, draft, "account"), "url": "https://twitter.com/Example_New?x=1"}
    officer.post(section(draft, "account"), posted)
    account = Account.objects.get()
    assert (account.handle, account.identity) == ("Example_New", "x:example_new")


def test_a_next_version_leaves_the_register_as_it_is(officer, cast):
    account = factories.account(cast.tourism, "example_old")
    factories.policy(account, cast.officer, State.IN_FORCE, head=cast.head,
                     receiver=cast.pr_officer)  # fmt: skip
    following = drafting.begun(account, cast.officer)
    posted = {**opened(officer, following, "account"), "url": "@example_new", "name": "新しい名"}
    officer.post(section(following, "account"), posted)
    account.refresh_from_db()
    following.refresh_from_db()
    assert (account.handle, account.name) == ("example_old", "観光課の公式アカウント")
    assert (following.handle, following.name) == ("example_new", "新しい名")


def test_a_next_version_begins_as_a_copy_of_the_one_in_force(cast):
    account = factories.account(cast.tourism)
    first = factories.policy(
        account, cast.officer, State.IN_FORCE, head=cast.head, receiver=cast.pr_officer,
        partners=(cast.safety,),
    )  # fmt: skip
    second = drafting.begun(account, cast.colleague)
    same = ("name", "url", "purpose", "content", "hours", "reply", "personal_information",
            "is_shared", "shared_theme", "registration_email")  # fmt: skip
    assert [getattr(second, f) for f in same] == [getattr(first, f) for f in same]
    assert list(second.partners.all()) == [cast.safety]
    assert list(second.administrators.all()) == [cast.officer]
    assert (second.version, second.state, second.round) == (2, "draft", 0)


def test_beginning_twice_goes_on_with_the_same_draft(officer, cast, draft):
    for _ in range(2):
        answer = officer.post(reverse("policies:begin_draft", args=[draft.account_id]))
        assert answer.headers["Location"] == reverse("policies:policy", args=[draft.pk])
    assert OperatingPolicy.objects.count() == 1


# --- Checking and submitting -----------------------------------------------------------------------


def test_the_page_of_answers_lists_what_is_unmet_with_links(officer, cast):
    draft = factories.draft(factories.account(cast.tourism), cast.officer, purpose="")
    answer = officer.get(reverse("policies:check", args=[draft.pk]))
    assert answer.context["unmet"] == [
        {
            "sentence": "情報発信の目的を入力してください。",
            "clause": "3(3)ウ",
            "url": section(draft, "purpose"),
        }
    ]
    assert "所属長に提出する</button>" not in answer.content.decode()


def test_submitting_from_the_page_of_answers(officer, draft, cast):
    page = officer.get(reverse("policies:check", args=[draft.pk])).content.decode()
    assert "所属長に提出する</button>" in page
    posted = {"revision": draft.revision, "note": "よろしくお願いします。"}
    officer.post(reverse("policies:step", args=[draft.pk, "submit"]), posted)
    draft.refresh_from_db()
    assert (draft.state, draft.submitted_by) == (State.WITH_HEAD, cast.officer)


def test_a_double_click_submits_once_and_says_so(officer, draft):
    url = reverse("policies:step", args=[draft.pk, "submit"])
    first = officer.post(url, {"revision": draft.revision})
    second = officer.post(url, {"revision": draft.revision})
    assert (first.status_code, second.status_code) == (302, 409)
    assert "すでに「所属長確認中」になっているため" in second.content.decode()
    draft.refresh_from_db()
    assert draft.round == 1


def test_a_step_is_never_taken_by_get(officer, draft):
    officer.get(reverse("policies:step", args=[draft.pk, "submit"]))
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_an_unknown_step_or_section_is_404(officer, draft):
    assert officer.get(reverse("policies:step", args=[draft.pk, "approve"])).status_code == 404
    # Follows from another step, never from a person.
    assert officer.post(reverse("policies:step", args=[draft.pk, "supersede"])).status_code == 404
    assert officer.get(section(draft, "secret")).status_code == 404


def test_the_reasons_of_a_return_link_to_their_sections(officer, cast):
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, State.REPORTED, head=cast.head
    )
    policy_workflow.take(policy, "return", by=cast.pr_officer, reasons=["hours"], note="朝だけ?")
    returned = officer.get(reverse("policies:policy", args=[policy.pk])).context["returned"]
    assert returned["reasons"] == [
        {
            "sentence": "運用時間が勤務時間と合っていないか、はっきりしません。",
            "clause": "3(3)エ",
            "url": section(policy, "operation"),
        }
    ]
    assert (returned["words"], returned["from_pr_division"]) == ("朝だけ?", True)


def test_what_changed_since_the_return_is_shown(officer, cast):
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, State.RETURNED, head=cast.head,
        receiver=cast.pr_officer,
    )  # fmt: skip
    posted = {**opened(officer, policy, "purpose"), "purpose": "具体的な目的"}
    officer.post(section(policy, "purpose"), posted)
    answer = officer.get(reverse("policies:policy", args=[policy.pk]))
    assert [(d.label, d.before, d.after) for d in answer.context["since_return"]] == [
        ("情報発信の目的", "市内の催しを広く知らせるため", "具体的な目的")
    ]


def test_a_step_opened_from_an_old_page_says_that_the_text_changed(officer, draft):
    url = reverse("policies:step", args=[draft.pk, "withdraw"])
    assert officer.get(f"{url}?seen={draft.revision}").status_code == 200
    officer.post(section(draft, "purpose"), {**opened(officer, draft, "purpose"), "content": "新"})
    answer = officer.get(f"{url}?seen={draft.revision}")
    assert answer.status_code == 409
    assert "画面を開いた後に内容が変わりました" in answer.content.decode()
