"""開設届・変更届: a version of the filing as a paper, 3(2) and 3(3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies import summary
from policies.history import timeline
from policies.views.common import person, visible_policy
from shinshiro_sns import pdf
from staff.models import Department

FIRST, NEXT = "開設届", "変更届"


@require_safe
def filing_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The filing as PDF, in whatever state it is: the paper says which."""
    filing = visible_policy(person(request), pk)
    before = filing.previous_in_force()
    kind = FIRST if before is None else NEXT
    context = {
        "policy": filing,
        "account": filing.account,
        "kind": kind,
        "to": Department.objects.filter(is_pr_division=True).first(),
        "parts": summary.parts(filing),
        "changes": [] if before is None else summary.differences(before, filing),
        "acts": list(reversed(timeline(filing))),
        "printed_at": timezone.now(),
    }
    name = f"{kind}_{filing.account.title}_第{filing.version}版"
    return pdf.response(pdf.made("print/filing.html", context), name)
