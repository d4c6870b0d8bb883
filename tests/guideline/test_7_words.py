"""Clause 7: the portal uses the guideline's words as the guideline explains them."""

from __future__ import annotations

import datetime

from django.test import Client

from policies.guideline import GuidelineVersion, clauses
from policies.models import OperatingPolicy
from policies.summary import LABELS
from tests import factories
from tests.conftest import Cast

TEXT = "\n".join(
    [
        *("1.目的", "2.定義", "3.運用", "(3)次のとおり。", "イ アカウント名(※1)とURL(※2)、※9"),
        *("4.書き込み", "5.被害", "6.停止", "7.用語の解説", "※1 アカウント名", "登録した名前。"),
        *("※2 URL", "アドレス。"),
    ]
)


def test_account_name_and_url_are_called_as_the_guideline_calls_them() -> None:
    assert LABELS["handle"] == "アカウント名"
    assert LABELS["url"] == "URL"
    assert OperatingPolicy._meta.get_field("users").verbose_name == "アカウント利用者"
    assert OperatingPolicy._meta.get_field("administrators").verbose_name == "アカウント管理者"


def test_the_public_pages_use_these_words(client: Client, cast: Cast) -> None:
    account = factories.account(cast.tourism)
    factories.policy(
        account, cast.officer, OperatingPolicy.State.IN_FORCE,
        head=cast.head, receiver=cast.pr_officer,
    )  # fmt: skip

    html = client.get(f"/accounts/{account.pk}/").content.decode()

    for word in ("アカウント名", "URL", "アカウント利用者", "アカウント管理者", "運用ポリシー"):
        assert f">{word}<" in html


def test_a_word_in_the_text_leads_to_its_explanation(client: Client, db: None) -> None:
    GuidelineVersion.objects.create(
        title="例", text=TEXT, effective_from=datetime.date(2013, 4, 17)
    )

    html = client.get("/guideline/").content.decode()

    assert 'アカウント名(<a href="#c7-w1">※1</a>)とURL(<a href="#c7-w2">※2</a>)、※9' in html
    assert 'id="c7-w1"' in html
    assert 'id="c7-w2"' in html


def test_a_word_is_read_with_its_number() -> None:
    words = [clause for clause in clauses(TEXT) if "※" in clause.number]

    assert [(word.number, word.label, word.text) for word in words] == [
        ("7※1", "※1", "アカウント名"),
        ("7※2", "※2", "URL"),
    ]
