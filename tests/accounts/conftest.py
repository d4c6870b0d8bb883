"""What the tests of the register share."""

import pytest
from django.core.files.storage import FileSystemStorage

from accounts.models import Evidence


@pytest.fixture
def evidence_folder(tmp_path, monkeypatch):
    """A folder of its own for evidence, as in use, and nothing in it."""
    folder = tmp_path / "evidence"
    storage = FileSystemStorage(location=folder, file_permissions_mode=0o600)
    monkeypatch.setattr(Evidence._meta.get_field("file"), "storage", storage)
    return folder
