"""What the ledgers of an account take over from a table: the last entry of each, marked as such.

Each entry is judged as its own form judges it. A table tells and never settles: it confirms nothing,
shows nothing in public and decides nothing. See decision 0018.
"""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError

from accounts import certification, credentials
from accounts.attesting_forms import MOST_FOLLOWERS
from accounts.columns import YES
from accounts.dates import impossible, written
from accounts.import_departments import UnknownDepartment
from accounts.models import (
    Access,
    Attestation,
    Certification,
    ConnectedApp,
    CredentialChange,
    Credentials,
    Device,
    LinkCheck,
)
from accounts.taken_row import HEADINGS, TakenRow, Wrong
from staff.models import Department

State = Certification.State


def read(row: TakenRow) -> TakenRow:
    """Judge every ledger's cells; what is wrong is said of all of them at once."""
    for reader in (
        _password, _access, _means, _devices, _apps, _certification, _link, _attestation, _origin,
    ):  # fmt: skip
        try:
            reader(row)
        except Wrong as wrong:
            row.faults.append(str(wrong))
        except ValidationError as error:
            row.faults += error.messages
    return row


def _password(row: TakenRow) -> None:
    day, by = row.day("password_changed_on"), row.person("password_changed_by")
    reason = row.choice("password_reason", CredentialChange.Reason)
    if day is None:
        if by or reason:
            raise Wrong(f"「{HEADINGS['password_changed_on']}」も書いてください。")
        return
    if said := credentials.wrong_day(row.account, day):
        raise Wrong(f"{HEADINGS['password_changed_on']}:{said}")
    # Nobody confirmed here that it is hard to guess and known to nobody else: it is left unsaid.
    change = CredentialChange(
        account=row.account, changed_on=day, changed_by=by, reason=reason,
        is_hard_to_guess=False, is_kept_secret=False, recorded_on=row.today,
    )  # fmt: skip
    row.add(f"パスワードの変更({written(day)})", change)
    row.account.password_changed_on = day


def _access(row: TakenRow) -> None:
    found: list[Access] = []
    for name, kind in (
        ("access_users", Access.Kind.USER),
        ("access_administrators", Access.Kind.ADMINISTRATOR),
    ):
        items = row.items(name, row.text(name).replace("、", "\n"))
        found += [_named(row, name, kind, [*item, "", ""]) for item in items]
        named = [access.person_id for access in found if access.kind == kind and not access.until]
        if len(named) > len(set(named)):
            raise Wrong(f"{HEADINGS[name]}に、同じ職員が2回書かれています。")
    if found:
        there = {access.person_id for access in found if access.until is None}
        row.add(f"利用者・管理者{len(there)}人", *found)


def _named(row: TakenRow, name: str, kind: str, item: list[str]) -> Access:
    known = len(row.remarks)
    person = row.person(name, item[0])
    if person is None:
        raise Wrong(f"{HEADINGS[name]}:職員が書かれていないところがあります。")
    since, until = row.day(name, item[1]) or row.today, row.day(name, item[2])
    if until is None and len(row.remarks) > known:
        raise Wrong(
            f"{HEADINGS[name]}の{person.name}さんは、このアカウントの所属の職員ではありません。"
        )
    if until is not None and until < since:
        raise Wrong(f"{HEADINGS[name]}の{person.name}さんの終了日が、開始日より前です。")
    return Access(account=row.account, person=person, kind=kind, since=since, until=until)


def _means(row: TakenRow) -> None:
    names = (
        "two_factor", "recovery_address", "recovery_department", "recovery_person",
        "means_checked_on", "means_checked_by",
    )  # fmt: skip
    if not row.any(*names):
        return
    means = Credentials(
        account=row.account,
        two_factor=row.choice("two_factor", Credentials.TwoFactor),
        recovery_address=unicodedata.normalize("NFKC", row.text("recovery_address")).strip(),
        recovery_department=_owner(row),
        recovery_person=row.person("recovery_person"),
        checked_on=row.day("means_checked_on"),
        checked_by=row.person("means_checked_by"),
    )
    if means.checked_by and not means.checked_on:
        raise Wrong(f"「{HEADINGS['means_checked_on']}」も書いてください。")
    if wrong := credentials.wrong_recovery(means):
        raise Wrong("".join(wrong.values()))
    row.add("ログイン手段", means)


def _owner(row: TakenRow) -> Department | None:
    code = row.text("recovery_department")
    try:
        found = row.departments.known(code) if code else None
        if found is not None and found.pk is None:
            raise UnknownDepartment(f"所属「{found.name}」は、まだ登録されていません。")
        return found
    except UnknownDepartment as error:
        raise Wrong(f"{HEADINGS['recovery_department']}:{error}") from None


def _devices(row: TakenRow) -> None:
    name = "logged_in_devices"
    found = []
    for item in row.items(name):
        called, kind, since, keeper, private, *rest = [*item, "", "", "", ""]
        if private not in ("", YES) or any(rest):
            raise Wrong(f"{HEADINGS[name]}「{called[:40]}」の書き方に誤りがあります。")
        credentials.refuse_hint(called)
        device = Device(
            account=row.account, name=called, kind=row.choice(name, Device.Kind, kind),
            added_on=row.day(name, since) or row.today, keeper=row.person(name, keeper),
            is_private=private == YES,
        )  # fmt: skip
        if not (called and device.kind):
            raise Wrong(f"{HEADINGS[name]}には、名前と種類を書いてください。")
        found.append(device)
    if found:
        row.add(f"端末{len(found)}台", *found)


def _apps(row: TakenRow) -> None:
    name = "connected_apps"
    found = []
    for item in row.items(name):
        called, purpose, since, *rest = [*item, "", ""]
        if any(rest) or not (called and purpose):
            raise Wrong(f"{HEADINGS[name]}には、名前、使う目的、開始日の順に書いてください。")
        for text in (called, purpose):
            credentials.refuse_hint(text)
        found.append(
            ConnectedApp(
                account=row.account, name=called, purpose=purpose,
                added_on=row.day(name, since) or row.today,
            )
        )  # fmt: skip
    if found:
        row.add(f"連携アプリ{len(found)}件", *found)


def _certification(row: TakenRow) -> None:
    state = row.choice("certification_state", State)
    kind = row.choice("certification_kind", Certification.Kind)
    day, badge = row.day("certification_date"), row.text("paid_badge")
    if badge not in ("", YES):
        raise Wrong(f"{HEADINGS['paid_badge']}は、「{YES}」か空欄にしてください。")
    if not state and (kind or day):
        raise Wrong(f"「{HEADINGS['certification_state']}」も書いてください。")
    if not (state or badge):
        return
    entry = Certification(
        account=row.account, state=state or certification.first_state(row.account), kind=kind,
        dated_on=day, has_paid_badge=badge == YES,
    )  # fmt: skip
    dated = state in (State.APPLIED, State.CERTIFIED, State.REFUSED, State.LAPSED)
    if dated != (day is not None) or (state == State.CERTIFIED) != bool(kind):
        raise Wrong(
            f"{HEADINGS['certification_state']}「{entry.get_state_display()}」と、種類と日付が合いません"
            "(認証済には種類と日付、申請中・却下・失効には日付だけを書きます)。"
        )
    if day and (said := impossible(day, row.account.opened_on)):
        raise Wrong(f"{HEADINGS['certification_date']}:{said}")
    if state == State.CERTIFIED:
        row.remarks.append("認証済の記録は、証拠を添えて確かめるまで、公開ページに表示しません。")
    row.add(f"認証({entry.get_state_display()})", entry)


def _link(row: TakenRow) -> None:
    day, by = row.day("link_checked_on"), row.person("link_checked_by")
    outcome = row.choice("link_outcome", LinkCheck.Outcome)
    if day is None and not by and not outcome:
        return
    if day is None or outcome not in LinkCheck.DECISIVE:
        raise Wrong(
            f"「{HEADINGS['link_checked_on']}」と「{HEADINGS['link_outcome']}」"
            "(リンクがある、リンクがない)の両方を書いてください。"
        )
    if said := impossible(day, row.account.opened_on):
        raise Wrong(f"{HEADINGS['link_checked_on']}:{said}")
    look = LinkCheck(
        account=row.account, way=LinkCheck.Way.TABLE, checked_on=day, outcome=outcome,
        checked_by=by,
    )  # fmt: skip
    row.remarks.append(
        "リンクの確認は記録に残しますが、公開ページのURLが新しくなるため、確認したことにはなりません。"
    )
    row.add("リンクの確認", look)


def _attestation(row: TakenRow) -> None:
    names = ("attested_on", "attested_by", "last_post_on", "followers")
    if not row.any(*names):
        return
    day, by, post = row.day("attested_on"), row.person("attested_by"), row.day("last_post_on")
    followers = _number(row, "followers")
    if day is None:
        row.said |= {HEADINGS[name]: row.text(name) for name in names if row.text(name)}
        row.remarks.append(
            f"「{HEADINGS['attested_on']}」がないため、最終投稿日などは、取込元の記載として残します。"
        )
        return
    if post and post > day:
        raise Wrong(f"{HEADINGS['last_post_on']}が、{HEADINGS['attested_on']}より後です。")
    attestation = Attestation(
        account=row.account, attested_on=day, attested_by=by, last_post_on=post,
        followers=followers,
    )  # fmt: skip
    row.add(f"確認({written(day)})", attestation)
    row.account.attested_on, row.account.last_post_on = day, post


def _origin(row: TakenRow) -> None:
    for heading, *text in row.items("origin_words"):
        if len(text) != 1:
            raise Wrong(
                f"{HEADINGS['origin_words']}には、見出しと内容を「|」で区切って書いてください。"
            )
        row.said.setdefault(heading, text[0])


def _number(row: TakenRow, name: str) -> int | None:
    text = unicodedata.normalize("NFKC", row.text(name)).replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and int(text) <= MOST_FOLLOWERS):
        raise Wrong(f"{HEADINGS[name]}「{text[:20]}」は、0以上の数字で書いてください。")
    return int(text)
