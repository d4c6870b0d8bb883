"""Settings for the tests on SQLite: the portal's own, with what makes tests quick and closed."""

import os
import tempfile

# What a developer keeps in .env is his own; the tests judge the portal as it is delivered.
os.environ["ENV_FILE"] = os.devnull

from shinshiro_sns.settings import *  # noqa: F403
from shinshiro_sns.settings import DATABASES

# A file, as in use: an in-memory database is one connection that all threads of a live server
# would share. Named after the process that began, so that two runs at a time do not meet.
os.environ.setdefault("TEST_SQLITE", f"{tempfile.gettempdir()}/portal-tests-{os.getpid()}.sqlite3")
DATABASES["default"]["TEST"] = {"NAME": os.environ["TEST_SQLITE"]}
if "init_command" in DATABASES["default"].get("OPTIONS", {}):
    # No power cut matters here, and tests wait for no disk.
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )

SECRET_KEY = "only-for-tests-" + "x" * 50
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "evidence": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}
ERASURE_LOG = os.environ["TEST_SQLITE"] + ".erasures.jsonl"
# Tests ask the views; those of the publication name a folder of their own.
PUBLICATION_DIR = ""
PUBLICATION_KEYS = os.environ["TEST_SQLITE"] + ".keys"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
