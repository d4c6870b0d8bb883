"""Posts, what is written down of them, and the words they avoid: clause 4."""

from postings.models.emergencies import Emergency, EmergencyQuerySet
from postings.models.key import ToolKey, ToolKeyQuerySet
from postings.models.post import Post, PostQuerySet, WorkingCopy
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
    "Emergency",
    "EmergencyQuerySet",
    "Inquiry",
    "InquiryQuerySet",
    "ListedWord",
    "ListedWordQuerySet",
    "Post",
    "PostQuerySet",
    "Supervision",
    "SupervisionPrompt",
    "SupervisionQuerySet",
    "SupervisionRemark",
    "ToolKey",
    "ToolKeyQuerySet",
    "WorkingCopy",
]
