"""`manage.py check_post`: the check of a draft post for whom it stands at the end of a pipe."""

from __future__ import annotations

import sys
from bisect import bisect_right
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Account
from accounts.services import find_service
from postings.checking import Draft, Finding, Level, check

BAD_USAGE = 2
# So many characters of what was found are repeated.
SHOWN = 40


class Command(BaseCommand):
    """Reads the draft from standard input and keeps nothing of it."""

    help = (
        "標準入力の原稿を確かめ、見直すところを「行:列」とともに挙げます(ガイドライン4(2)、4(3))。"
        "誤りがなければ状態0、あれば1、使い方が正しくなければ2で終わります。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`--account` tells whose post it is; `--service` for others than the account's own."""
        parser.add_argument("--account", type=int, metavar="ID", required=True)
        parser.add_argument("--service", action="append", default=[], metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        """One finding a line, then how many of each level."""
        account = Account.objects.filter(pk=options["account"]).first()
        if account is None:
            raise _refused(f"ID {options['account']}のアカウントはありません。")
        services = [_service(name) for name in options["service"]]
        text = _read()
        found = check(Draft(text), services, account)
        lines = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n")]
        for finding in found:
            self.stdout.write(_said(finding, lines))
        number = {
            level: sum(max(one.more, 1) for one in found if one.level is level) for level in Level
        }
        self.stdout.write("、".join(f"{level.value} {number[level]}件" for level in Level))
        if number[Level.ERROR]:
            sys.exit(1)


def _refused(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=BAD_USAGE)


def _service(name: str) -> str:
    service = find_service(name)
    if service is None:
        raise _refused(f"「{name}」というソーシャルメディアは登録されていません。")
    return service.key


def _read() -> str:
    # The terminal's own encoding says nothing about a file that is piped in.
    sent = sys.stdin.buffer.read()
    try:
        text = sent.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("原稿を読み取れません。文字コードをUTF-8にしてください。") from None
    if not text.strip():
        raise _refused("原稿が空です。標準入力から渡してください。")
    return text.replace("\r\n", "\n")


def _said(finding: Finding, lines: list[int]) -> str:
    """One line: where, how strongly, what, which clause, why and what to do."""
    line = bisect_right(lines, finding.start)
    place = f"{line}:{finding.start - lines[line - 1] + 1}"
    head = f"{place} {finding.level.value} {finding.title}({finding.clause})"
    if finding.more:
        return f"{head} {finding.words}"
    words = " ".join(finding.words.split())
    shown = f"「{words[:SHOWN]}{'…' if len(words) > SHOWN else ''}」 " if words else ""
    return f"{head} {shown}{finding.why}{finding.do}"
