"""What the project stands on: the locks, and that no app is left out of a check."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = {name: (ROOT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt")}
TO_RUN = [Requirement(line) for line in PYPROJECT["project"]["dependencies"]]
TO_DEVELOP = [Requirement(line) for line in PYPROJECT["dependency-groups"]["dev"]]
OWN_APPS = sorted(
    config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT
)


def pins(lock):
    """{package: (version, marker, asked for by pyproject.toml itself, number of hashes)}."""
    entries = re.findall(
        r"^([a-z0-9-]+)==(\S+)(?: ; (.*?))? \\\n((?:    .*\n)+)", lock, re.MULTILINE
    )
    assert len(entries) == len(re.findall(r"^[^ #\n]", lock, re.MULTILINE))
    return {
        name: (version, marker, "shinshiro-sns (pyproject.toml" in rest, rest.count("sha256:"))
        for name, version, marker, rest in entries
    }


@pytest.mark.parametrize(
    ("lock", "declared"),
    [("requirements.txt", TO_RUN), ("requirements-dev.txt", TO_RUN + TO_DEVELOP)],
)
def test_a_lock_is_what_pyproject_asks_for(lock, declared):
    pinned = pins(LOCKS[lock])

    asked_for = {name for name, (_, _, direct, _) in pinned.items() if direct}
    assert asked_for == {canonicalize_name(requirement.name) for requirement in declared}
    unfit = [
        str(requirement)
        for requirement in declared
        if not requirement.specifier.contains(pinned[canonicalize_name(requirement.name)][0])
    ]
    assert unfit == [], "make lock"


def test_what_is_tested_is_what_runs():
    run, develop = (pins(LOCKS[name]) for name in ("requirements.txt", "requirements-dev.txt"))

    assert {name: develop[name][0] for name in run} == {name: run[name][0] for name in run}


def test_the_locks_carry_checksums_and_name_no_host():
    locks = LOCKS | {"requirements-uv.txt": (ROOT / "requirements-uv.txt").read_text()}

    for lock in locks.values():
        assert [name for name, pin in pins(lock).items() if pin[-1] == 0] == []
        assert "://" not in lock


def test_no_app_is_left_out_of_coverage_or_of_the_import_contract():
    linter = PYPROJECT["tool"]["importlinter"]
    direction, machinery, inside = linter["contracts"]
    others = {name for name in OWN_APPS if name != "shinshiro_sns"}

    assert set(OWN_APPS) <= set(PYPROJECT["tool"]["coverage"]["run"]["source"])
    assert set(OWN_APPS) <= set(linter["root_packages"])
    assert others <= set(direction["layers"])
    assert others <= set(machinery["forbidden_modules"])
    assert others <= set(inside["containers"])


def test_every_change_is_held_to_the_gate_on_coverage():
    assert PYPROJECT["tool"]["coverage"]["run"]["branch"]
    assert PYPROJECT["tool"]["coverage"]["report"]["fail_under"] == 95
    assert "COVERAGE=yes\n" in (ROOT / ".ci" / "run").read_text()


def test_every_static_file_a_stylesheet_names_exists(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    # The storage of `make run`, which refuses what it cannot find; the tests' own does not look.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    assert (tmp_path / "staticfiles.json").exists()
