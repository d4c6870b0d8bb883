"""What is asked of who writes a post, approves it, records it, or lets a tool ask for a check."""

from postings.forms.draft import DecisionForm, DraftForm
from postings.forms.keys import KeyForm
from postings.forms.listing import PostFilter
from postings.forms.steps import RecordForm, StepForm, form_of

__all__ = [
    "DecisionForm",
    "DraftForm",
    "KeyForm",
    "PostFilter",
    "RecordForm",
    "StepForm",
    "form_of",
]
