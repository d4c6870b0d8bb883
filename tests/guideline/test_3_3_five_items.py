"""Clause 3(3): the policy defines five items; what is missing is said item by item."""

import pytest

from policies import items, summary
from policies.models import OperatingPolicy
from tests import factories


@pytest.fixture
def empty(cast):
    account = factories.account(cast.tourism, name="", category="")
    policy = OperatingPolicy(account=account, created_by=cast.officer)
    policy.save()
    return policy


def test_an_empty_filing_lacks_every_item_by_its_letter(empty):
    lacking = [(unmet.clause, unmet.sentence) for unmet in items.missing(empty)]
    assert lacking == [
        ("3(3)ア 3(3)イ", "表示名を入力してください。"),
        ("3(3)ア 3(3)イ", "アカウントのURLを入力してください。"),
        ("3(3)ア 3(3)イ", "分野を選んでください。"),
        ("3(3)イ", "アカウント利用者を選んでください。"),
        ("3(3)イ", "アカウント管理者を選んでください。"),
        ("3(5)", "アカウントの登録に使うメールアドレスを入力してください。"),
        ("3(3)ウ", "情報発信の目的を入力してください。"),
        ("3(3)ウ", "発信する内容を入力してください。"),
        ("3(3)エ", "運用時間を入力してください。"),
        ("3(3)エ", "意見や質問に返信するかどうかを選んでください。"),
        ("3(3)エ", "意見や質問への対応方法を入力してください。"),
        ("3(3)オ", "個人情報の取扱いを入力してください。"),
    ]


def test_a_complete_filing_lacks_nothing(cast):
    assert items.missing(factories.draft(factories.account(cast.tourism), cast.officer)) == []


def test_the_sections_cover_the_five_letters():
    letters = {letter for section in items.SECTIONS for letter in section.letter.split("・")}
    assert letters - {""} == set("アイウエオ")


def test_every_field_of_a_section_is_said_to_the_reader():
    fields = {field for section in items.SECTIONS for field in section.fields}
    # The two boxes about closed days are said within the hours.
    assert fields - summary.LABELS.keys() == {"closed_on_holidays", "closed_at_year_end"}


def test_a_named_person_who_left_must_be_replaced(cast):
    policy = factories.draft(factories.account(cast.tourism), cast.officer)
    policy.administrators.set([cast.partner_officer])
    assert [unmet.sentence for unmet in items.missing(policy)] == [
        "アカウント管理者の防災 担当さんは、今この所属の職員ではありません。選び直してください。"
    ]


def test_people_of_a_sharing_department_may_be_named(cast):
    policy = factories.draft(factories.account(cast.tourism), cast.officer, partners=(cast.safety,))
    policy.users.set([cast.partner_officer])
    assert items.missing(policy) == []


def test_hours_are_data_and_said_in_japanese(cast):
    policy = factories.draft(factories.account(cast.tourism), cast.officer)
    assert policy.said_hours == "月〜金 8:30〜17:15(祝日・年末年始を除く)"
