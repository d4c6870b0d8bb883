"""Looks for known vulnerabilities in lock files: `python scripts/audit.py LOCK...`.

pip-audit calls a package it could not look up 'skipped' and ends well, so a closed network would
look like a clean bill. Hence first a version everybody knows to be vulnerable: where that is not
reported, nothing can be, and this says so in a frame instead of judging. With
`AUDIT=required` in the environment that, too, is a failure.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

KNOWN_BAD = "django==3.2.0"


def audit(requirements: Path) -> list[dict[str, Any]] | None:
    """What the service knows about each package, or None where it gave no usable answer."""
    done = subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "pip_audit", "--requirement", str(requirements)),
            *("--disable-pip", "--no-deps", "--format=json", "--progress-spinner=off"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        answer = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    return list(answer)


def service_answers() -> bool:
    """Whether a version known to be vulnerable is reported as such."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.txt")
        requirements.write_text(KNOWN_BAD + "\n")
        return any(package.get("vulns") for package in audit(requirements) or [])


def complaints(requirements: Path) -> list[str]:
    """One line for each vulnerability and for each package that could not be looked up."""
    packages = audit(requirements)
    if packages is None:
        return [f"{requirements}: the service stopped answering"]
    lines = []
    for package in packages:
        if "skip_reason" in package:
            lines.append(
                f"{requirements}: {package['name']} not looked up: {package['skip_reason']}"
            )
        for found in package.get("vulns", []):
            fixed = ", ".join(found["fix_versions"]) or "no version yet"
            lines.append(
                f"{requirements}: {package['name']} {package['version']}: {found['id']}, "
                f"mended in {fixed}"
            )
    return lines


def main(arguments: list[str]) -> int:
    """Audit each lock named; the exit status."""
    if not service_answers():
        print("*" * 78)
        print("*  NOT CHECKED: the service for known vulnerabilities cannot be reached from here.")
        print(
            "*  Nobody has looked. Run `make check` where it answers before anything is released."
        )
        print("*" * 78)
        return int(os.environ.get("AUDIT") == "required")
    found = [line for name in arguments for line in complaints(Path(name))]
    print("\n".join(found) or "none known")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
