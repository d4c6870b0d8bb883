"""What each person was reminded of: the memory of `manage.py remind`."""

from __future__ import annotations

from django.db import models

from staff.models.people import User


class Reminder(models.Model):
    """One milestone of one open duty, for one person: found on a day, told in a digest or not yet.

    `told_on` is filled in the transaction that queues the digest, and from then on the row stays as
    it is until it is forgotten. Until then a later run may take it for its own day, or strike it off
    where it is settled by now.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reminders")
    duty = models.CharField(max_length=40)
    row = models.PositiveBigIntegerField()
    due_on = models.DateField()
    milestone = models.DateField()
    seen_on = models.DateField()
    told_on = models.DateField(null=True)
    # As the digest says it: the row may have changed by the time the digest is written.
    text = models.CharField(max_length=400)
    path = models.CharField(max_length=300)
    is_escalation = models.BooleanField(default=False)

    class Meta:
        verbose_name = verbose_name_plural = "催促の記録"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "duty", "row", "due_on", "milestone"], name="reminded_once"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "seen_on"], name="reminder_by_person"),
            models.Index(fields=["duty", "row"], name="reminder_by_row"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.row} {self.milestone}"
