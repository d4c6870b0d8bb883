"""What accounts leave to be done: clauses 3(4), 3(6), 3(7), 6."""

from accounts.duties import attesting, certification, credentials, handover, links, standing

DUTIES = (
    *credentials.DUTIES,
    *handover.DUTIES,
    *standing.DUTIES,
    *attesting.DUTIES,
    *links.DUTIES,
    *certification.DUTIES,
)
