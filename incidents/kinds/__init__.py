"""The kinds of incident, 5, as data: each in a module of its own, all of them in this table.

What opens takes a copy of its kind's steps, so that a change here is for what opens after it.
"""

from incidents.kinds.errors import ERROR
from incidents.kinds.flaming import FLAMING
from incidents.kinds.hijack import HIJACK
from incidents.kinds.impersonation import IMPERSONATION
from incidents.kinds.leak import LEAK
from incidents.kinds.other import OTHER
from incidents.kinds.plan import Kind, PlannedStep, Who

KINDS = {kind.key: kind for kind in (ERROR, IMPERSONATION, FLAMING, HIJACK, LEAK, OTHER)}
CHOICES = [(kind.key, kind.label) for kind in KINDS.values()]

__all__ = ["CHOICES", "KINDS", "Kind", "PlannedStep", "Who"]
