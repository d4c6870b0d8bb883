"""The W3C's checker (vnu.jar), which judges the markup of many pages in one start of Java."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

UNPACKED = Path(__file__).resolve().parent.parent / "var" / "node"
# A few pages are read before Java's better compiler would have paid for itself.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss8m")


def errors(pages: Mapping[str, str]) -> list[str]:
    """What is wrong in the pages, given as {name: HTML}; one sentence each, `name:line: what`."""
    jars = sorted(UNPACKED.glob("vnu-jar@*/build/dist/vnu.jar"))
    assert jars, "The checker is not unpacked yet: scripts/node-packages"
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, html) in enumerate(pages.items()):
            file = Path(folder, f"{number}.html")
            file.write_text(html, encoding="utf-8")
            names[file.as_uri().replace("file:///", "file:/")] = name
        done = subprocess.run(
            [
                *("java", *QUICK, "-jar", jars[-1], "--errors-only", "--exit-zero-always"),
                *("--stdout", "--format", "json", folder),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    return [
        f"{names[found['url']]}:{found.get('lastLine', '?')}: {found['message']}"
        for found in json.loads(done.stdout)["messages"]
    ]
