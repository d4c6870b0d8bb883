"""The cast: the people whom the tests speak of."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from staff.models import Department, User
from tests import factories

pytest_plugins = ["tests.plugins"]


@dataclass(frozen=True)
class Cast:
    """A small city: 観光課 with three people, 防災課 that shares with it, the PR division, and others."""

    tourism: Department
    safety: Department
    pr_division: Department
    officer: User
    colleague: User
    head: User
    deputy: User
    partner_officer: User
    partner_head: User
    pr_head: User
    pr_officer: User
    pr_second: User
    auditor: User
    administrator: User
    stranger: User


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, freshly made."""
    tourism = factories.department("観光課", kana="かんこうか", code="kanko")
    safety = factories.department("防災課", kana="ぼうさいか", code="bosai")
    pr = factories.department(
        "秘書人事課", kana="ひしょじんじか", code="hisho", is_pr_division=True
    )
    return Cast(
        tourism=tourism,
        safety=safety,
        pr_division=pr,
        officer=factories.member(tourism, "officer", "観光 担当"),
        colleague=factories.member(tourism, "officer", "観光 同僚"),
        head=factories.member(tourism, "head", "観光 課長"),
        deputy=factories.member(tourism, "deputy", "観光 補佐"),
        partner_officer=factories.member(safety, "officer", "防災 担当"),
        partner_head=factories.member(safety, "head", "防災 課長"),
        pr_head=factories.member(pr, "head", "広報 課長"),
        pr_officer=factories.member(pr, "officer", "広報 担当"),
        pr_second=factories.member(pr, "officer", "広報 同僚"),
        auditor=factories.user("監査 委員", is_auditor=True),
        administrator=factories.user("情報 管理", is_administrator=True),
        stranger=factories.user("所属 なし"),
    )
