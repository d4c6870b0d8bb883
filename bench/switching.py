"""Two publications that change places, again and again: what readers meet while the site is published.

A program: `python -m bench.switching prepare SIZE` makes both, `confirm` says again that they are
current, and `loop` switches them until it is told to end, and prints how often it did.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bench.scratch import set_up, stand_up

# Ten a second: the publisher itself looks for changes every five seconds.
PAUSE = 0.1


def prepare(size: int, site: Path) -> None:
    """Fill the empty register with so many public accounts; publish, change one, publish again."""
    from accounts.models import Account  # noqa: PLC0415  (needs Django to be set up)
    from bench import rows  # noqa: PLC0415
    from bench.publishing import make_keys  # noqa: PLC0415
    from publication.publishing import publish  # noqa: PLC0415

    make_keys()
    rows.grow(rows.found_city(), 0, rows.needed_for(size))
    publish(site)
    # On every list, and the page stays as long as it was.
    first = Account.objects.vouched().order_by("pk")[0]
    Account.objects.filter(pk=first.pk).update(name=first.name.replace("見本", "新版", 1))
    publish(site)


def confirm(site: Path) -> None:
    """Sign that both are what the register says: for five minutes the portal believes it."""
    from publication import signing  # noqa: PLC0415
    from publication.place import Place  # noqa: PLC0415
    from publication.publishing import keys  # noqa: PLC0415

    place = Place(site)
    with place.alone():
        for tree in (place.directory, place.spare):
            signing.confirm(tree, keys())


def loop(site: Path) -> int:
    """Let them change places until the process is told to end; says how often they did."""
    from publication.place import Place  # noqa: PLC0415
    from shinshiro_sns.stopping import until_told  # noqa: PLC0415

    place, times = Place(site), 0
    with until_told() as told, place.alone():
        print("switching", flush=True)
        while not told.wait(PAUSE):
            place.switch()
            times += 1
    return times


def main() -> None:
    """Does what the first argument says in the scratch folder."""
    wanted, *more = sys.argv[1:]
    if wanted == "prepare":
        stand_up()
    else:
        set_up()
    from django.conf import settings  # noqa: PLC0415

    site = Path(settings.PUBLICATION_DIR)
    if wanted == "prepare":
        prepare(int(more[0]), site)
        return
    confirm(site)
    if wanted == "loop":
        began = time.perf_counter()
        times = loop(site)
        print(times / (time.perf_counter() - began))


if __name__ == "__main__":
    main()
