"""What changed from one version to the next, of a policy and of the guideline, as the public reads it."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Account
from policies.guideline import GuidelineVersion
from policies.models import OperatingPolicy
from publication import guideline_text, policy_text
from publication.guideline_text import Change
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish


def next_version(cast: Cast, account: Account, **fields: Any) -> None:
    factories.policy(
        account, cast.officer, OperatingPolicy.State.IN_FORCE, head=cast.head,
        receiver=cast.pr_officer, **fields,
    )  # fmt: skip


# --- Policies ----------------------------------------------------------------------------------


def test_a_version_says_what_it_changed(client: Client, publish: Publish, cast: Cast) -> None:
    account = publish("first_one", name="前の名前", policy={"purpose": "催しを知らせるため"})
    next_version(cast, account, name="後の名前", purpose="催しと工事を知らせるため")

    response = client.get(f"/accounts/{account.pk}/policy/2/")

    assert [(row.label, row.before, row.after) for row in response.context["changes"]] == [
        ("表示名", "前の名前", "後の名前"),
        ("情報発信の目的", "催しを知らせるため", "催しと工事を知らせるため"),
    ]
    html = response.content.decode()
    assert re.search("<ins>[^<]*工事", html)
    assert f'href="/accounts/{account.pk}/policy/1/"' in html


def test_the_first_version_changed_nothing(client: Client, publish: Publish) -> None:
    account = publish()

    assert "変わったところ" not in client.get(f"/accounts/{account.pk}/policy/1/").content.decode()
    assert "変わったところ" not in client.get(f"/accounts/{account.pk}/").content.decode()


def test_an_earlier_version_is_compared_with_the_one_before_it_and_not_with_a_later_one(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish(policy={"purpose": "一つ目"})
    next_version(cast, account, purpose="二つ目")
    next_version(cast, account, purpose="三つ目")

    changes = [
        client.get(f"/accounts/{account.pk}/policy/{version}/").context["changes"]
        for version in (1, 2, 3)
    ]

    assert [[(row.before, row.after) for row in each] for each in changes] == [
        [], [("一つ目", "二つ目")], [("二つ目", "三つ目")],
    ]  # fmt: skip


def test_the_accounts_page_leads_to_the_changes_of_the_version_in_force(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish()
    next_version(cast, account)

    html = client.get(f"/accounts/{account.pk}/").content.decode()

    assert f'href="/accounts/{account.pk}/policy/2/#changes"' in html


def test_what_stays_inside_is_no_change_the_public_reads(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish(partners=(cast.safety,))
    next_version(
        cast, account, partners=(cast.safety,), registration_email="himitsu@city.shinshiro.lg.jp",
        registration_email_reason="見せない登録の理由", service_account_id="7319468",
        shared_reason="見せない共同利用の理由",
    )  # fmt: skip

    response = client.get(f"/accounts/{account.pk}/policy/2/")

    assert response.context["changes"] == []
    assert "公開している内容に、変わったところはありません。" in response.content.decode()


@pytest.mark.parametrize("named", [False, True])
def test_people_are_compared_as_the_public_reads_them(
    client: Client, publish: Publish, cast: Cast, settings: Any, named: bool
) -> None:
    settings.PUBLISH_STAFF_NAMES = named
    account = publish()
    next_version(cast, account)
    account.policies.get(version=2).users.set([cast.colleague])

    response = client.get(f"/accounts/{account.pk}/policy/2/")

    assert [row.field for row in response.context["changes"]] == (["users"] if named else [])
    assert (cast.colleague.name in response.content.decode()) == named


def test_sharing_that_began_is_a_change(client: Client, publish: Publish, cast: Cast) -> None:
    account = publish()
    next_version(cast, account, partners=(cast.safety,))

    changed = client.get(f"/accounts/{account.pk}/policy/2/").context["changes"]

    assert [(row.label, row.before, row.after) for row in changed] == [
        ("共通するテーマ", "", "催しの案内"), ("共同で利用する所属", "", "防災課"),
    ]  # fmt: skip


def test_a_withdrawn_version_between_two_is_skipped(
    client: Client, publish: Publish, cast: Cast
) -> None:
    account = publish(policy={"purpose": "一つ目"})
    factories.policy(account, cast.officer, OperatingPolicy.State.WITHDRAWN, purpose="二つ目")
    next_version(cast, account, purpose="三つ目")

    response = client.get(f"/accounts/{account.pk}/policy/3/")

    assert [(row.before, row.after) for row in response.context["changes"]] == [
        ("一つ目", "三つ目")
    ]
    assert "二つ目" not in response.content.decode()


def test_a_version_asks_as_often_with_three_people_as_with_one(
    client: Client, publish: Publish, cast: Cast
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/accounts/{account.pk}/policy/2/").status_code == 200
        return len(caught)

    account = publish(partners=(cast.safety,))
    next_version(cast, account, partners=(cast.safety,))
    with_one = queries()
    for policy in account.policies.all():
        policy.users.set([cast.officer, cast.colleague, cast.head])
    next_version(cast, account, partners=(cast.safety,))

    assert queries() == with_one


def test_what_is_compared_is_what_is_shown() -> None:
    shown = {field for _, _, fields in policy_text.ITEMS for field in fields}
    inside = {
        "registration_email", "registration_email_reason", "service_account_id", "shared_reason",
        "category", "is_shared", "post_record", "post_approval",
    }  # fmt: skip

    assert shown | {*policy_text.SHARED} == {*policy_text.LABELS} - inside


# --- The guideline -----------------------------------------------------------------------------

BEFORE = """1.目的
この決まりは、例を示す。
2.運用
(1)一つ目の段落
ア 種類
イ 名前
附則
平成25年4月17日から施行する。"""


def version(text: str, day: str = "2026-04-01") -> GuidelineVersion:
    return GuidelineVersion(
        title="決まり", text=text, effective_from=datetime.date.fromisoformat(day)
    )


def changes(after: str, before: str = BEFORE) -> list[Change]:
    return guideline_text.changes(version(before), version(after))


@pytest.mark.once
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("例を示す", "手本を示す", [
            Change("(番号のない段落)", "この決まりは、例を示す。", "この決まりは、手本を示す。")]),
        ("イ 名前", "イ 名前とURL", [Change("2(1)イ", "名前", "名前とURL")]),
        ("イ 名前\n", "", [Change("2(1)イ", "名前", "")]),
        ("イ 名前", "イ 名前\nウ 目的", [Change("2(1)ウ", "", "目的")]),
        ("ア 種類\nイ 名前", "ア 種別\nイ 呼び名", [
            Change("2(1)ア", "種類", "種別"), Change("2(1)イ", "名前", "呼び名")]),
        # What was only renumbered reads as it did.
        ("ア 種類\nイ 名前", "ア 目的\nイ 種類\nウ 名前", [Change("2(1)ア", "", "目的")]),
        ("1.目的\n", "1.目的\n\n", []),
    ],
)  # fmt: skip
def test_the_guideline_is_compared_paragraph_by_paragraph(
    old: str, new: str, expected: list[Change]
) -> None:
    assert changes(BEFORE.replace(old, new)) == expected


LINES = st.lists(
    st.sampled_from([*BEFORE.splitlines(), "別の文", "ウ 目的", "3.終わり"]), max_size=12
)


@pytest.mark.once
@given(before=LINES, after=LINES)
def test_nothing_is_lost_between_two_versions(before: list[str], after: list[str]) -> None:
    old, new = version("\n".join(before)), version("\n".join(after))

    rows = guideline_text.changes(old, new)

    # What is not said to have changed is in both, as often in the one as in the other.
    gone = [row.before for row in rows if row.before]
    came = [row.after for row in rows if row.after]
    kept = [clause.text for clause in old.clauses]
    for text in gone:
        kept.remove(text)
    assert sorted(kept + came) == sorted(clause.text for clause in new.clauses)
    assert [row for row in rows if row.before == row.after] == []
    assert guideline_text.changes(old, old) == []


def test_a_version_of_the_guideline_says_what_it_changed(client: Client, db: None) -> None:
    for text, day in ((BEFORE, "2013-04-17"), (BEFORE.replace("名前", "呼び名"), "2020-04-01")):
        version(text, day).save()

    html = client.get("/guideline/").content.decode()

    assert "平成25年4月17日施行の版" in html
    assert "<h3>2(1)イ</h3>" in html
    assert client.get("/guideline/2020-04-01/").content.decode().count("<ins>") == 1
    assert "変わったところ" not in client.get("/guideline/2013-04-17/").content.decode()
