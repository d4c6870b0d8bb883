"""Operating policies with their five items, and what happens to them: clauses 3(2), 3(3)."""

from policies.guideline import GuidelineVersion
from policies.models.casework import Consultation, ConsultationQuerySet, InternalNote, PolicyReturn
from policies.models.policy import OperatingPolicy, OperatingPolicyQuerySet, next_version

__all__ = [
    "Consultation",
    "ConsultationQuerySet",
    "GuidelineVersion",
    "InternalNote",
    "OperatingPolicy",
    "OperatingPolicyQuerySet",
    "PolicyReturn",
    "next_version",
]
