"""The cast: the people whom the tests speak of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from accounts.models import Evidence
from incidents.models import IncidentEvidence
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
    officer, colleague, head, deputy, p_officer, p_head, pr_head, pr_officer, pr_second, *rest = (
        factories.members(
            (tourism, "officer", "観光 担当"),
            (tourism, "officer", "観光 同僚"),
            (tourism, "head", "観光 課長"),
            (tourism, "deputy", "観光 補佐"),
            (safety, "officer", "防災 担当"),
            (safety, "head", "防災 課長"),
            (pr, "head", "広報 課長"),
            (pr, "officer", "広報 担当"),
            (pr, "officer", "広報 同僚"),
            others=[
                {"name": "監査 委員", "is_auditor": True},
                {"name": "情報 管理", "is_administrator": True},
                {"name": "所属 なし"},
            ],
        )
    )
    auditor, administrator, stranger = rest
    return Cast(
        tourism=tourism,
        safety=safety,
        pr_division=pr,
        officer=officer,
        colleague=colleague,
        head=head,
        deputy=deputy,
        partner_officer=p_officer,
        partner_head=p_head,
        pr_head=pr_head,
        pr_officer=pr_officer,
        pr_second=pr_second,
        auditor=auditor,
        administrator=administrator,
        stranger=stranger,
    )


@pytest.fixture
def evidence_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for evidence, as in use, and nothing in it."""
    folder = tmp_path / "evidence"
    storage = FileSystemStorage(location=folder, file_permissions_mode=0o600)
    for model, field in (
        (Evidence, "file"),
        (IncidentEvidence, "file"),
        (IncidentEvidence, "copy"),
    ):
        monkeypatch.setattr(model._meta.get_field(field), "storage", storage)
    return folder
