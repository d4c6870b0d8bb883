"""An SQLite file in which every migration has run, made anew only where one has changed.

Half of what a short run of tests takes would be the same migrations once more. `migrate` runs on the
copy all the same and finds nothing left to do. On PostgreSQL they run from nothing in every run.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "tests"


def lay_out(name: str) -> None:
    """Puts a copy of it at `name`."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        # Workers start together: one makes it, the others wait for it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = KEPT / f"migrated-{_state()}.sqlite3"
        if not file.exists():
            for old in KEPT.glob("migrated-*"):
                old.unlink()
            _make(file)
    shutil.copyfile(file, name)


def _state() -> str:
    """The same as long as no migration and no library has changed."""
    read = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        read.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return read.hexdigest()[:16]


def _make(file: Path) -> None:
    # Under another name until it is whole: who is interrupted leaves nothing that looks finished.
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0", "--settings=tests.settings"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{part}"},
        check=True,
    )
    part.rename(file)
