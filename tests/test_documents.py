"""The documents speak of what is there: their links, pictures, commands, settings, and the screen's words."""

import re
import struct
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import get_resolver

from accounts.certification import certification_workflow
from accounts.workflow import account_workflow
from incidents.workflow import INCIDENT_STEPS
from policies.consulting import CONSULTATION_STEPS
from policies.items import SECTIONS
from policies.workflow import STEPS
from postings.workflow import STEPS as POST_STEPS
from shinshiro_sns.duties import DUTIES
from staff.roles import Role

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
MANUAL = ROOT / "docs/manual"
PAGES = sorted(MANUAL.glob("*.md"))
PICTURES = sorted((MANUAL / "pictures").glob("*.png"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
OPERATIONS = (ROOT / "docs/operations.md").read_text()
STAFF_MANUAL = "\n".join(page.read_text() for page in PAGES)
# What the screen says comes from here, or from Django's own admin.
SCREEN = "\n".join(
    path.read_text()
    for folder in (
        "accounts",
        "incidents",
        "policies",
        "postings",
        "publication",
        "shinshiro_sns",
        "staff",
        "templates",
    )
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".html", ".txt"}
)
OF_DJANGO = {"保存", "実行", "履歴", "所属 を追加", "職員 を追加", "所属の記録 の追加", "状態"}


def name_of(path):
    return str(path.relative_to(ROOT))


def anchors(text):
    """The anchors that headings get: lower case, blanks as hyphens, no other signs."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(document):
    """What a document links to or shows, outside its blocks of code."""
    text = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    return [unquote(target) for target in re.findall(r"\]\(([^)\s]+)\)", text)]


def test_there_is_something_to_judge():
    assert len(PAGES) > 20
    assert len(PICTURES) > 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(document):
    dead = []
    for target in links(document):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (document.parent / path).resolve() if path else document
        if not found.exists() or (anchor and anchor not in anchors(found.read_text())):
            dead.append(target)
    assert dead == []


def test_the_manual_lists_each_of_its_pages_once():
    listed = [
        target for target in links(MANUAL / "README.md") if re.fullmatch(r"[\w-]+\.md", target)
    ]
    assert sorted(listed) == sorted(page.name for page in PAGES if page.name != "README.md")


def test_every_page_of_the_manual_leads_back_to_its_contents():
    others = [page for page in PAGES if page.name != "README.md"]
    assert [page.name for page in others if "[目次](README.md)" not in page.read_text()] == []


def test_every_picture_is_shown_and_taken_by_the_script():
    there = {picture.stem for picture in PICTURES}
    shown = {Path(target).stem for page in PAGES for target in links(page) if target[-4:] == ".png"}
    script = (ROOT / "scripts/pictures.py").read_text()
    taken = set(re.findall(r'album\.take\(\s*\w+,\s*"([\w-]+)"', script))
    assert there == shown == taken


@pytest.mark.parametrize("picture", PICTURES, ids=name_of)
def test_a_picture_is_small_and_as_wide_as_a_screen(picture):
    start = picture.read_bytes()[:24]
    assert start.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", start[16:20])[0] in (1280, 360)
    assert picture.stat().st_size < 120_000


def test_every_picture_says_what_it_shows():
    assert re.findall(r"!\[\s*\]\(", "\n".join(page.read_text() for page in DOCUMENTS)) == []


def plain_addresses(patterns, before=""):
    """Every address without an argument."""
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from plain_addresses(pattern.url_patterns, address)
        elif "<" not in address:
            yield f"/{address}"


def test_the_manual_names_every_address_of_desk_and_public_pages():
    addresses = set(plain_addresses(get_resolver().url_patterns))
    desk = {address for address in addresses if address.startswith("/desk/")}
    public = {
        "/",
        "/guideline/",
        "/accessibility/",
        "/open-data/",
        "/official/",
        "/login/",
        "/admin/",
    }
    assert {a for a in desk | public if f"`{a}`" not in STAFF_MANUAL} == set()
    assert {a for a in addresses if a.startswith("/health/") and a not in OPERATIONS} == set()


def test_the_manual_tells_of_every_step_a_person_can_take():
    of_accounts = (*account_workflow.steps.values(), *certification_workflow.steps.values())
    steps = (*STEPS, *CONSULTATION_STEPS, *of_accounts, *INCIDENT_STEPS, *POST_STEPS)
    labels = {step.label for step in steps if step.permission}
    assert {label for label in labels if f"**{label}**" not in STAFF_MANUAL} == set()


def test_the_manual_tells_of_every_section_and_role():
    words = {section.title for section in SECTIONS} | {role.value for role in Role}
    assert {word for word in words if word not in STAFF_MANUAL} == set()


def test_the_manual_calls_the_piles_of_the_desk_by_their_names():
    called = set(re.findall(r"「([^」]*(?:もの|報告|アカウント))」", STAFF_MANUAL))
    assert called - {duty.title for duty in DUTIES} == {"いま、あなたの番のもの"} & called


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_stands_in_bold_is_a_word_of_the_screen_or_a_sentence(page):
    bold = re.findall(r"\*\*([^*]+)\*\*", page.read_text())
    labels = {label for label in bold if not label.endswith("。")}
    assert {label for label in labels if label not in SCREEN} - OF_DJANGO == set()


def calls():
    """Each command the documents name, with the options given to it."""
    found = set()
    for document in DOCUMENTS:
        text = re.sub(r"\\\n\s*", "", document.read_text())
        for line in re.findall(
            r"(?:manage\.py|`portal|^portal) ([a-z_]+(?: [^\n`|]*)?)", text, re.MULTILINE
        ):
            name, _, rest = line.partition(" ")
            options = re.findall(r"--[a-z][a-z-]*", rest.partition("#")[0])
            found.add((name, tuple(sorted(options))))
    return sorted(found)


@pytest.mark.parametrize(("name", "options"), calls())
def test_a_command_named_exists_with_its_options(name, options):
    app = get_commands().get(name)
    assert app, name
    parser = load_command_class(app, name).create_parser("manage.py", name)
    ways = [way for action in parser._actions if isinstance(action.choices, dict)
            for way in action.choices.values()]  # fmt: skip
    known = {option for each in [parser, *ways] for action in each._actions
             for option in action.option_strings}  # fmt: skip
    assert set(options) - known == set()


def test_every_setting_named_in_operations_is_declared():
    declared = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    named = set(re.findall(r"`([A-Z][A-Z_]{4,})`", OPERATIONS))
    assert named - declared - {"PIP_INDEX_URL", "UV_INDEX_URL"} == set()


def test_operations_tell_of_every_option_of_the_import():
    parser = load_command_class("accounts", "import_accounts").create_parser("manage.py", "")
    common = load_command_class("policies", "draw_process").create_parser("manage.py", "")
    options, of_any = (
        {option for action in each._actions for option in action.option_strings}
        for each in (parser, common)
    )
    assert {option for option in options - of_any if f"`{option}" not in OPERATIONS} == set()
