"""The check of a draft post, clause 4(2) and (3): what to look at again before it goes out.

Nothing here asks a network or writes a log: the draft is looked at where it is and forgotten.
"""

from postings.checking.check import check
from postings.checking.draft import Draft, Image, ImageKind
from postings.checking.findings import Finding, Level
from postings.checking.known import Known
from postings.checking.lengths import Length, length

__all__ = ["Draft", "Finding", "Image", "ImageKind", "Known", "Length", "Level", "check", "length"]
