"""The settings file: complete in `.env.example`, and production starts only when it is safe."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / ".env.example"
SETTING = re.compile(r"#?([A-Z][A-Z_]+)=(.*)")
# Names where the file is that holds all the others, so it cannot stand in it.
OUTSIDE = {"ENV_FILE"}
PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "only-for-tests-" + "x" * 50,
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_URL": "https://portal.example",
    "EMAIL_URL": "smtp://mail.example:25",
}


def variables_read():
    """The names that settings.py asks the environment for."""
    tree = ast.parse((ROOT / "shinshiro_sns" / "settings.py").read_text())
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and re.fullmatch(r"env\.\w+", ast.unparse(call.func))
    }


def variables_explained():
    """The names in `.env.example`, in order, each with the line above it."""
    lines = EXAMPLE.read_text().splitlines()
    return [
        (found[1], before)
        for before, line in zip(["", *lines], lines, strict=False)
        if (found := SETTING.fullmatch(line))
    ]


def start(environment=None, env_file=os.devnull):
    """Reads the settings in a process of its own, as at a start; (exit status, output)."""
    show = (
        "import json; from shinshiro_sns import settings as s; print(json.dumps("
        "{n: getattr(s, n) for n in dir(s) if n.isupper()}, default=str, sort_keys=True))"
    )
    known = variables_read() | {"DJANGO_SETTINGS_MODULE"}
    inherited = {name: value for name, value in os.environ.items() if name not in known}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", show],
        env=inherited | {"ENV_FILE": str(env_file)} | (environment or {}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout or done.stderr


def test_every_variable_stands_in_the_example_once_and_no_other():
    names = [name for name, _ in variables_explained()]

    assert sorted(names) == sorted(variables_read() - OUTSIDE)


def test_every_variable_of_the_example_has_its_reason_above_it():
    unexplained = [name for name, before in variables_explained() if not before.startswith("# ")]

    assert unexplained == []


def test_the_example_copied_as_it_is_changes_nothing():
    assert start(env_file=EXAMPLE) == start()


def test_nothing_else_in_the_portal_reads_the_environment():
    readers = {
        str(file.relative_to(ROOT))
        for app in ROOT.glob("*/apps.py")
        for file in app.parent.rglob("*.py")
        if re.search(r"os\.environ(?!\.setdefault)|getenv|environ\.Env", file.read_text())
    }

    assert readers == {"shinshiro_sns/settings.py"}


def test_production_starts_when_all_it_needs_is_set():
    status, output = start(PRODUCTION)

    assert status == 0, output
    settings = json.loads(output)
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["DEBUG"] is False


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"SECRET_KEY": ""},
            "Production needs SECRET_KEY: a random text of at least 50 characters.",
        ),
        (
            {"SECRET_KEY": "short"},
            "Production needs SECRET_KEY: a random text of at least 50 characters.",
        ),
        ({"DEBUG": "true"}, "Production must not run with DEBUG=true."),
        ({"ALLOWED_HOSTS": ""}, "Production needs ALLOWED_HOSTS: the portal's host names."),
        (
            {"PORTAL_URL": ""},
            "Production needs PORTAL_URL: the https:// address that links in mails begin with.",
        ),
        (
            {"PORTAL_URL": "http://portal.example"},
            "Production needs PORTAL_URL: the https:// address that links in mails begin with.",
        ),
        (
            {"EMAIL_URL": ""},
            "Production needs EMAIL_URL: without it mails would lie in a folder that nobody reads.",
        ),
        (
            {"OFFICE_HOURS": "17:15-8:30"},
            "OFFICE_HOURS must be a time and a later one: 08:30-17:15.",
        ),
        ({"PORTAL_MODE": "live"}, "PORTAL_MODE must be 'demonstration' or 'production'."),
    ],
)
def test_an_unsafe_start_is_refused_with_a_sentence(change, sentence):
    status, output = start(PRODUCTION | change)

    assert status == 1
    assert output.splitlines()[-1].endswith(f"ImproperlyConfigured: {sentence}")


def test_the_key_of_the_demonstration_never_serves_production():
    demonstration = json.loads(start()[1])

    assert demonstration["MODE"] == "demonstration"
    assert start(PRODUCTION | {"SECRET_KEY": ""})[0] == 1


def test_postgresql_compiles_no_query_unless_the_city_says_so():
    def options(url):
        return json.loads(start({"DATABASE_URL": url})[1])["DATABASES"]["default"]["OPTIONS"]

    url = "postgres://portal:x@127.0.0.1:5432/portal"
    assert options(url)["options"] == "-c jit=off"
    assert options(f"{url}?options=-c%20jit%3Don")["options"] == "-c jit=on"
