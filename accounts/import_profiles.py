"""Which account a row of a foreign register means, and what of it goes into the note."""

from __future__ import annotations

from accounts.profiles import Profile, UnreadableProfile, display_handle, read_profile
from accounts.services import Service, find_service


def profile_of(values: dict[str, str], remarks: list[str]) -> Profile:
    """The account a row means: by its URL, else by its handle; says where the two disagree."""
    service = _service(values["service"])
    key = service.key if service else None
    url, handle = values["url"], values["handle"]
    if not url and not handle:
        raise UnreadableProfile("URLもアカウント名も書かれていません。")
    if not url:
        return read_profile(handle, key)
    profile = read_profile(url, key)
    if handle and not _same(handle, url, profile):
        shown = display_handle(profile.service, profile.handle) or profile.url
        remarks.append(
            f"アカウント名「{handle[:60]}」とURL({shown[:100]})が一致しません。URLを優先します。"
        )
    return profile


def _service(text: str) -> Service | None:
    if not text:
        return None
    found = find_service(text)
    if found is None:
        raise UnreadableProfile(
            f"「{text[:40]}」という種類のソーシャルメディアは登録されていません"
            "(一覧にないものは「その他」と書いてください)。"
        )
    return found


def _same(handle: str, url: str, profile: Profile) -> bool:
    """Whether a stated handle is the one of the URL, or is at least written in it."""
    if handle in (profile.handle, profile.display_handle):
        return True
    stated = handle.strip().strip("@＠").casefold()
    parts = {part.strip("@").casefold() for part in url.replace("?", "/").split("/")}
    if stated in parts or stated in {part.casefold() for part in profile.handle.split("/")}:
        return True
    try:
        return read_profile(handle, profile.service).identity == profile.identity
    except UnreadableProfile:
        return False


def note_of(values: dict[str, str], profile: Profile, others: list[str]) -> str:
    """The stated note, and below it what the table says that has no field of its own."""
    lines = [values["note"]]
    handle = values["handle"]
    if handle and not _same(handle, values["url"] or handle, profile):
        lines.append(f"取込元のアカウント名:{handle}")
    if others:
        lines.append(f"取込元のほかの所属:{'、'.join(others)}")
    if values["purpose"]:
        lines.append(f"取込元の目的:{values['purpose']}")
    return "\n".join(filter(None, lines))
