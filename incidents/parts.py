"""Where a kind's own module plugs into what all kinds have in common.

A module declares `PARTS`, and `incidents.apps` names the module. Nothing here asks of which kind an
incident is but by looking it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from accounts.models import Account
from incidents.models import Incident, IncidentStep
from shinshiro_sns.steps import Taking, Unmet
from staff.models import User

if TYPE_CHECKING:
    from incidents.forms import OpeningForm
    from incidents.step_forms import DoneForm


@dataclass(frozen=True)
class Panel:
    """A section of the incident's page: `template` is given what `context` says, `incident` and `user`.

    Where `context` is None for this incident or person, there is no section. `paper` shows the same in
    the report of the incident, where it belongs into it.
    """

    template: str
    context: Callable[[Incident, User], dict[str, Any] | None]
    paper: str = ""


@dataclass(frozen=True)
class StepPart:
    """What is special about one step.

    `form` asks more than when, what and where; its `answers` reach `effect` as `taking.extra`. `unmet`
    holds the step back, `unmet_to_undo` its being open again; `effect` runs in the step's own
    transaction, with the row at `taking.obj`, and so does `moved`, whether it is done, waived or
    open again, once the row is saved. `guide` is a section of the step's page.
    """

    form: type[DoneForm] | None = None
    unmet: Callable[[IncidentStep, User], list[Unmet]] = lambda step, by: []
    unmet_to_undo: Callable[[IncidentStep, User], list[Unmet]] = lambda step, by: []
    effect: Callable[[Taking], None] = lambda taking: None
    moved: Callable[[Taking], None] = lambda taking: None
    guide: Panel | None = None


@dataclass(frozen=True)
class Part:
    """All that one module adds to one kind. Several may add to the same one.

    `unmet_to_drop` holds back that the incident is called off, or turns out to be of another kind;
    `laid_down` runs when it ends, is called off or becomes of another kind, `taken_up` when it opens,
    goes on or becomes of this one; `of_another_account` when a running one turns out to be about
    another account than the one it is given, or about none. All run in that step's own transaction.
    """

    kind: str
    opening_form: type[OpeningForm] | None = None
    steps: Mapping[str, StepPart] = field(default_factory=dict)
    panels: tuple[Panel, ...] = ()
    unmet_to_end: Callable[[Incident, User], list[Unmet]] = lambda incident, by: []
    unmet_to_drop: Callable[[Incident, User], list[Unmet]] = lambda incident, by: []
    laid_down: Callable[[Incident, User], None] = lambda incident, by: None
    taken_up: Callable[[Incident, User], None] = lambda incident, by: None
    of_another_account: Callable[[Incident, Account | None, User], None] = lambda case, was, by: (
        None
    )


PARTS: list[Part] = []


def declare(parts: Iterable[Part]) -> None:
    """Add a module's parts, once, when the app is ready."""
    PARTS.extend(part for part in parts if part not in PARTS)


def of(kind: str) -> Iterator[Part]:
    """The parts of a kind."""
    return (part for part in PARTS if part.kind == kind)


def _of_step(step: IncidentStep) -> Iterator[StepPart]:
    return (part.steps[step.key] for part in of(step.incident.kind) if step.key in part.steps)


def step_form(step: IncidentStep) -> type[DoneForm] | None:
    """The form of a step that asks more than others."""
    return next((part.form for part in _of_step(step) if part.form), None)


def opening_form(kind: str) -> type[OpeningForm] | None:
    """The form of a kind that asks more than others when it opens."""
    return next((part.opening_form for part in of(kind) if part.opening_form), None)


def step_unmet(step: IncidentStep, by: User) -> list[Unmet]:
    """What else a step waits for."""
    return [reason for part in _of_step(step) for reason in part.unmet(step, by)]


def step_unmet_to_undo(step: IncidentStep, by: User) -> list[Unmet]:
    """What else holds back that a step is open again."""
    return [reason for part in _of_step(step) for reason in part.unmet_to_undo(step, by)]


def guides(step: IncidentStep, user: User) -> list[dict[str, Any]]:
    """The sections that its kind adds to a step's page."""
    panels = [part.guide for part in _of_step(step) if part.guide]
    return [
        {"template": panel.template, **context}
        for panel in panels
        if (context := panel.context(step.incident, user)) is not None
    ]


def step_effect(taking: Taking) -> None:
    """What else a step brings about."""
    for part in _of_step(taking.obj):
        part.effect(taking)


def step_moved(taking: Taking) -> None:
    """What follows once a step is done, waived or open again."""
    for part in _of_step(taking.obj):
        part.moved(taking)


def unmet_to_end(incident: Incident, by: User) -> list[Unmet]:
    """What else an incident's end waits for."""
    return [reason for part in of(incident.kind) for reason in part.unmet_to_end(incident, by)]


def unmet_to_drop(incident: Incident, by: User) -> list[Unmet]:
    """What holds back that it is called off, or becomes of another kind."""
    return [reason for part in of(incident.kind) for reason in part.unmet_to_drop(incident, by)]


def laid_down(incident: Incident, by: User) -> None:
    """It ends, is called off, or becomes of another kind."""
    for part in of(incident.kind):
        part.laid_down(incident, by)


def taken_up(incident: Incident, by: User) -> None:
    """It opens, goes on, or has become of this kind."""
    for part in of(incident.kind):
        part.taken_up(incident, by)


def of_another_account(incident: Incident, before: Account | None, by: User) -> None:
    """It is about another account than `before`, while it runs."""
    for part in of(incident.kind):
        part.of_another_account(incident, before, by)


def panels(incident: Incident, user: User) -> list[dict[str, Any]]:
    """The sections that an incident's kind adds to its page."""
    return [
        {"template": panel.template, **context}
        for part in of(incident.kind)
        for panel in part.panels
        if (context := panel.context(incident, user)) is not None
    ]


def papers(incident: Incident, user: User) -> list[dict[str, Any]]:
    """The sections that an incident's kind adds to its report."""
    return [
        {"template": panel.paper, **context}
        for part in of(incident.kind)
        for panel in part.panels
        if panel.paper and (context := panel.context(incident, user)) is not None
    ]
