"""What the history of a row keeps beside its values: the step that was taken."""

from typing import Any

from django.db import models
from django.dispatch import receiver
from simple_history.signals import pre_create_historical_record


class StepRecord(models.Model):
    """A base for historical models: names the workflow step that made the record, if one did."""

    step = models.CharField("手続き", max_length=40, blank=True, default="", editable=False)

    class Meta:
        abstract = True


def acting(row: Any, person: Any) -> Any:
    """`row`, with `person` as the one whom its next history rows name."""
    row._history_user = person
    return row


@receiver(pre_create_historical_record)
def note_the_step(sender: Any, instance: Any, history_instance: Any, **kwargs: Any) -> None:
    """Copies the step being taken, which `Workflow.take` leaves on the row, into its history."""
    if isinstance(history_instance, StepRecord):
        history_instance.step = getattr(instance, "_history_step", "")
