"""Whether the portal lives and whether it can do its work, for those who watch over it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from tuf.api.exceptions import RepositoryError

from publication.keys import Keys
from publication.models import Publisher
from publication.well_known import SOON, security_expires
from shinshiro_sns.models import OutgoingMail
from staff.models import Department

MAIL_SHOULD_BE_SENT_WITHIN = datetime.timedelta(hours=1)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "データベースの更新(manage.py migrate)が済んでいません。" if missing else ""


def _pr_division() -> str:
    if Department.objects.pr_division():
        return ""
    return "広報主管課が設定されていないため、運用ポリシーの報告を受けられません。"


def _mail() -> str:
    # No numbers and no addresses: whoever asks is not logged in.
    if OutgoingMail.objects.undeliverable().exists():
        return "送信できないメールがあります。管理画面の「送信メール」で確かめてください。"
    if OutgoingMail.objects.waiting(MAIL_SHOULD_BE_SENT_WITHIN).exists():
        return "1時間以上送られていないメールがあります。送る処理が動いているか確かめてください。"
    return ""


def _security_txt() -> str:
    last_day = security_expires()
    if last_day is None or last_day - timezone.localdate() >= SOON:
        return ""
    return (
        f"security.txtの期限({last_day})が近いか、過ぎています。連絡先(SECURITY_CONTACT)を確かめ、"
        "新しい期限(SECURITY_EXPIRES)を設定してください。"
    )


def _publication() -> str:
    # Neither where nor why: whoever asks is not logged in.
    if Publisher.objects.failing().exists():
        return "公開ページの更新が止まっています。管理画面の「公開処理」で確かめてください。"
    return ""


def _publication_root() -> str:
    try:
        day = Keys(Path(settings.PUBLICATION_KEYS)).ends_soon()
    except (OSError, RepositoryError):
        return "公開ページの署名に使うルート情報を読めません。"
    if day is None:
        return ""
    return (
        f"公開ページの署名に使うルート情報の期限({day})が近いか、過ぎています。"
        "ルート鍵で延ばしてください(manage.py publication_keys replace)。"
    )


# In the order they build on each other: without its database nothing further can be said. Mail that
# does not go out is named but stops nothing: another server of the portal would send no better.
CHECKS: tuple[tuple[str, Callable[[], str], bool], ...] = (
    ("database", _database, True),
    ("migrations", _migrations, True),
    ("pr_division", _pr_division, True),
    ("mail", _mail, False),
    ("security_txt", _security_txt, False),
    ("publication", _publication, False),
    ("publication_root", _publication_root, False),
)


@csrf_exempt
@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the portal answers at all."""
    return JsonResponse({"status": "ok"})


@csrf_exempt
@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 where the portal can do its work, `ok` or `degraded`; 503 with what is wrong where not.

    `{"status": "ok" | "degraded" | "failing", "checks": [{"name", "ok", "message"}]}`.
    """
    checks: list[dict[str, Any]] = []
    status = "ok"
    for name, ask, is_needed in CHECKS:
        try:
            wrong = ask()
        except DatabaseError:
            # The error's own words may name the host or the user of the database.
            wrong = "データベースに接続できません。"
        checks.append({"name": name, "ok": not wrong, "message": wrong})
        if wrong and is_needed:
            status = "failing"
            break
        if wrong:
            status = "degraded"
    return JsonResponse(
        {"status": status, "checks": checks},
        status=503 if status == "failing" else 200,
        json_dumps_params={"ensure_ascii": False},
    )
