"""How quickly a transfer of staff is judged, applied and undone, beside a plain `bulk_create`.

Run as a program (`python -m bench.transfer PEOPLE`) it measures in the database that `DATABASE_URL`
names, which must be empty, and prints the figure as JSON.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bench.scratch import stand_up

ACCOUNTS = 200


@dataclass(frozen=True)
class Figure:
    """The size of the transfer, and the seconds that each part of it took."""

    people: int
    handovers: int
    mails: int
    preview_seconds: float
    apply_seconds: float
    undo_seconds: float
    plain_seconds: float


def measure(people: int) -> Figure:
    """Moves `people` officers of forty departments to the next one, and back."""
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import Handover  # noqa: PLC0415
    from bench import rows  # noqa: PLC0415
    from shinshiro_sns.models import OutgoingMail  # noqa: PLC0415
    from staff.models import Membership, User  # noqa: PLC0415
    from staff.transferring.applying import apply, preview  # noqa: PLC0415
    from staff.transferring.lines import read_file  # noqa: PLC0415
    from staff.transferring.undoing import undo  # noqa: PLC0415

    city = rows.found_city()
    rows.grow(city, 0, ACCOUNTS)
    officers = User.objects.bulk_create(
        User(email=f"moving{number}@city.example", name=f"異動 {number}")
        for number in range(people)
    )
    places = [city.departments[number % rows.DEPARTMENTS] for number in range(people)]
    Membership.objects.bulk_create(
        Membership(user=officer, department=place, valid_from=datetime.date(2020, 4, 1))
        for officer, place in zip(officers, places, strict=True)
    )
    day = timezone.localdate() + datetime.timedelta(days=30)
    nexts = [city.departments[(number + 1) % rows.DEPARTMENTS] for number in range(people)]
    file = read_file(_file(officers, places, nexts), "bench.csv")
    preview_seconds, plan = _timed(lambda: preview(file, day))
    assert plan.faults == {}, plan.wrong()[:3]
    apply_seconds, (_, transfer) = _timed(lambda: apply(file, day, by=None))
    figures = (Handover.objects.count(), OutgoingMail.objects.count())
    undo_seconds, _ = _timed(lambda: undo(transfer.pk, by=None))
    same = [
        Membership(user=officer, department=place, valid_from=day)
        for officer, place in zip(officers, nexts, strict=True)
    ]
    plain_seconds, _ = _timed(lambda: Membership.objects.bulk_create(same, batch_size=rows.BATCH))
    return Figure(people, *figures, preview_seconds, apply_seconds, undo_seconds, plain_seconds)


def _file(officers: list[Any], places: list[Any], nexts: list[Any]) -> bytes:
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(["メールアドレス", "氏名", "異動元", "異動先"])
    for officer, place, following in zip(officers, places, nexts, strict=True):
        written.writerow([officer.email, officer.name, place.code, following.code])
    return text.getvalue().encode()


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = act()
    return time.perf_counter() - began, done


def main() -> None:
    """Measures in the scratch database and prints the figure."""
    stand_up()
    json.dump(asdict(measure(int(sys.argv[1]))), sys.stdout)


if __name__ == "__main__":
    main()
