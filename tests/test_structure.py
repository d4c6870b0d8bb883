"""The house keeps its shape: sizes a reader can hold, rooms under their names, one place per thing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
APPS = ("staff", "accounts", "policies", "incidents", "postings", "publication")
PACKAGES = ("shinshiro_sns", *APPS)
LONGEST = 400
LONGEST_BY_NAME = {"admin.py": 120, "workflow.py": 150}
# Written by a generator, or brought along as it was published.
NOT_OURS = ("/migrations/", "static/vendor/")
BROUGHT = ("var", "node_modules")
SHAPELESS = frozenset({"core", "common", "utils", "helpers", "misc", "services"})
# One declares the services of clause 2, the other is what the desk's pages have in common.
MEANT = frozenset({"accounts/services.py", "policies/views/common.py"})
# What each app is made of beside its rows; whoever looks for it knows where.
ROOMS = {
    "staff": {"models", "admin", "roles", "notices", "forms", "views", "urls", "apps"},
    "accounts": {"models", "admin", "workflow", "services", "profiles", "apps"},
    "policies": {
        "models", "admin", "workflow", "conditions", "effects", "notices", "duties", "turns",
        "forms", "views", "urls", "apps",
    },
    "incidents": {
        "models", "admin", "kinds", "deadlines", "workflow", "conditions", "effects", "notices",
        "duties", "terms", "forms", "views", "urls", "apps",
    },
    "postings": {"models", "admin", "checking", "apps"},
    "publication": {"views", "urls", "apps"},
}  # fmt: skip
MACHINERY = {"workflow", "steps", "duties", "mail", "admin", "models", "settings", "urls", "wsgi"}


def lengths(*suffixes: str) -> dict[str, int]:
    """Path → lines, of every file of our own that the project keeps."""
    found = {}
    here = [at for at in ROOT.iterdir() if at.name not in BROUGHT and not at.name.startswith(".")]
    for path in [*here, *(path for at in here if at.is_dir() for path in at.rglob("*"))]:
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in suffixes and not any(part in f"/{name}" for part in NOT_OURS):
            found[name] = len(path.read_text(encoding="utf-8").splitlines())
    return found


def test_no_file_is_longer_than_a_reader_can_hold():
    everything = lengths(".py", ".css", ".js", ".html", ".toml")
    assert len(everything) > 100
    assert {name: lines for name, lines in everything.items() if lines > LONGEST} == {}


@pytest.mark.parametrize(("name", "longest"), LONGEST_BY_NAME.items())
def test_an_admin_and_a_workflow_are_tables_and_no_more(name, longest):
    named = {path: n for path, n in lengths(".py").items() if Path(path).name == name}
    assert named
    assert {path: n for path, n in named.items() if n > longest} == {}


def test_nothing_is_called_by_a_name_that_takes_in_anything():
    ours = {path for path in lengths(".py") if path.split("/")[0] in (*PACKAGES, "tests")}
    named_so = {path for path in ours if SHAPELESS & set(Path(path).with_suffix("").parts)}
    assert named_so == MEANT


@pytest.mark.parametrize("app", ROOMS)
def test_every_app_has_its_rooms(app):
    present = {path.stem for path in (ROOT / app).iterdir() if path.name != "__pycache__"}
    assert ROOMS[app] - present == set()


def test_the_machinery_all_apps_share_has_its_rooms():
    present = {path.stem for path in (ROOT / "shinshiro_sns").iterdir()}
    assert MACHINERY - present == set()


def test_no_line_sets_a_state_beside_the_one_that_takes_steps():
    setting = re.compile(r"\.(state|status) = ")
    ours = [path for path in lengths(".py") if path.split("/")[0] in PACKAGES]
    assert [path for path in ours if setting.search((ROOT / path).read_text("utf-8"))] == []
