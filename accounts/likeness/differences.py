"""Which letters tell two names apart, in an order a reader can follow."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 3
# Longer names are not laid beside each other: no reader could follow, and the work is their product.
LONGEST = 60


@dataclass(frozen=True)
class Difference:
    """`theirs` stands where the known name has `ours`; one of the two may be empty."""

    theirs: str
    ours: str


def differences(theirs: str, ours: str) -> list[Difference]:
    """What to change in `ours` to come to `theirs`, from left to right, neighbours as one.

    At most `SHOWN`; none where the names have so little in common that it would tell nothing.
    """
    if max(len(theirs), len(ours)) > LONGEST:
        return []
    costs = _costs(theirs, ours)
    if costs[-1][-1] > max(len(theirs), len(ours)) // 2:
        return []
    found: list[Difference] = []
    at, of = len(theirs), len(ours)
    mine = known = ""
    while at or of:
        if at and of and theirs[at - 1] == ours[of - 1] and costs[at][of] == costs[at - 1][of - 1]:
            found += [Difference(mine, known)] if mine or known else []
            mine = known = ""
            at, of = at - 1, of - 1
        elif at and of and costs[at][of] == costs[at - 1][of - 1] + 1:
            mine, known = theirs[at - 1] + mine, ours[of - 1] + known
            at, of = at - 1, of - 1
        elif at and costs[at][of] == costs[at - 1][of] + 1:
            mine, at = theirs[at - 1] + mine, at - 1
        else:
            known, of = ours[of - 1] + known, of - 1
    found += [Difference(mine, known)] if mine or known else []
    return found[::-1] if len(found) <= SHOWN else []


def _costs(theirs: str, ours: str) -> list[list[int]]:
    """Levenshtein's table: how many edits lead from each beginning of the one to one of the other."""
    rows = [list(range(len(ours) + 1))]
    for at, sign in enumerate(theirs, start=1):
        row = [at]
        for of, other in enumerate(ours, start=1):
            row.append(min(rows[-1][of] + 1, row[-1] + 1, rows[-1][of - 1] + (sign != other)))
        rows.append(row)
    return rows
