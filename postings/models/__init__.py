"""Posts, what is written down of them, and the words they avoid: clause 4."""

from postings.models.emergencies import Emergency, EmergencyQuerySet
from postings.models.key import ToolKey, ToolKeyQuerySet
from postings.models.post import (
    LONGEST_TEXT,
    Ground,
    Portrait,
    Post,
    PostQuerySet,
    Rights,
    WorkingCopy,
)
from postings.models.supervision import (
    Inquiry,
    InquiryQuerySet,
    Supervision,
    SupervisionPrompt,
    SupervisionQuerySet,
    SupervisionRemark,
)
from postings.models.words import ListedWord, ListedWordQuerySet

__all__ = [
    "LONGEST_TEXT",
    "Emergency",
    "EmergencyQuerySet",
    "Ground",
    "Inquiry",
    "InquiryQuerySet",
    "ListedWord",
    "ListedWordQuerySet",
    "Portrait",
    "Post",
    "PostQuerySet",
    "Rights",
    "Supervision",
    "SupervisionPrompt",
    "SupervisionQuerySet",
    "SupervisionRemark",
    "ToolKey",
    "ToolKeyQuerySet",
    "WorkingCopy",
]
