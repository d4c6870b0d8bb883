"""The form with which a file comes to an incident."""

from __future__ import annotations

from typing import Any

from accounts.evidence_forms import EvidenceForm
from incidents.models import Incident, IncidentStep
from staff.fields import RowField


class IncidentEvidenceForm(EvidenceForm):
    """A file, what it shows, and the step it belongs to."""

    step = RowField(
        queryset=IncidentStep.objects.none(), label="どの手順の証拠か", required=False,
        empty_label="どの手順でもない",
    )  # fmt: skip

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps: Any = self.fields["step"]
        steps.queryset = incident.steps.all()
        self.fields["shows"].help_text = "例:偽のアカウントのプロフィール画面(11月24日 9時30分)"
