"""Settings for the tests on SQLite: the portal's own, with what makes tests quick and closed."""

import atexit
import os
import shutil
import tempfile

# What a developer keeps in .env is his own; the tests judge the portal as it is delivered.
os.environ["ENV_FILE"] = os.devnull

from shinshiro_sns.settings import *  # noqa: F403
from shinshiro_sns.settings import DATABASES

# A file, as in use: an in-memory database is one connection that all threads of a live server
# would share. Its own folder, so that two runs at a time do not meet.
if "TEST_FOLDER" not in os.environ:
    os.environ["TEST_FOLDER"] = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, os.environ["TEST_FOLDER"], ignore_errors=True)
DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["TEST_FOLDER"], "sqlite3")}
if "init_command" in DATABASES["default"].get("OPTIONS", {}):
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA synchronous=OFF;"

SECRET_KEY = "only-for-tests-" + "x" * 50
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
