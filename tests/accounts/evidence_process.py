"""Takes a file in as evidence, in a process that may be told when to die.

Arguments: the day, the folder of the store, account, person, and before which of its statements to
the database it ends itself by SIGKILL (0: never). The file lies on standard input.
"""

from __future__ import annotations

import sys

import django
from django.db import connection

from tests.staff.remind_process import Killer


def main() -> None:
    """Never returns where it is killed."""
    django.setup()
    from django.core.files.storage import FileSystemStorage  # noqa: PLC0415
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    from accounts import evidence  # noqa: PLC0415  (its models need what is set up)
    from accounts.models import Account, Evidence  # noqa: PLC0415
    from staff.models import User  # noqa: PLC0415

    folder, account_key, person, before = sys.argv[2:]
    store = FileSystemStorage(location=folder, file_permissions_mode=0o600)
    Evidence._meta.get_field("file").storage = store  # type: ignore[union-attr]
    account, by = Account.objects.get(pk=account_key), User.objects.get(pk=person)
    file = SimpleUploadedFile("画面.png", sys.stdin.buffer.read())
    with connection.execute_wrapper(Killer(int(before))):
        evidence.keep(account, file, shows="画面", by=by)


if __name__ == "__main__":
    main()
