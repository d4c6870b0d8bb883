"""The portal's own settings, as in production, with everything it writes in a scratch folder."""

import os
import tempfile
from pathlib import Path

# What someone keeps in .env is his own; the figures are of the portal as it is delivered.
os.environ["ENV_FILE"] = os.devnull
os.environ["PORTAL_MODE"] = "production"
os.environ["SECRET_KEY"] = "only-for-measuring-" + "x" * 50
os.environ["ALLOWED_HOSTS"] = "portal.example,127.0.0.1,testserver"
os.environ["PORTAL_URL"] = "https://portal.example"
os.environ["EMAIL_URL"] = "smtp://mail.example:25"
# No TLS in between: it would cost all three servers the same, and hide what they differ in.
os.environ["SECURE_SSL_REDIRECT"] = "false"
os.environ["LOG_LEVEL"] = "ERROR"
if "BENCH_FOLDER" not in os.environ:
    os.environ["BENCH_FOLDER"] = tempfile.mkdtemp(prefix="portal-bench-")
FOLDER = Path(os.environ["BENCH_FOLDER"])
# Only the parts that measure the publication serve one.
os.environ["PUBLICATION_DIR"] = os.environ.get("BENCH_PUBLICATION", "")
os.environ["PUBLICATION_KEYS"] = str(FOLDER / "keys")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER / 'portal.sqlite3'}")

from shinshiro_sns.settings import *  # noqa: E402,F403

STATIC_ROOT = FOLDER / "static"
EMAIL_FILE_PATH = str(FOLDER / "mail")
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
