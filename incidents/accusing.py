"""How a fake comes to be called one in public, 5(2), is looked at again, and is taken back.

It is a public accusation: it takes evidence, the head's report and two people of the PR division, each
of them of this very account. Withdrawn it is by one person and one step. See decision 0037.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from accounts import announcing
from accounts.models import Notice
from incidents import fakes, log, notices, publishing, triage
from incidents.models import Fake, Incident, IncidentStep
from incidents.models.fakes import WATCHED_FOR
from shinshiro_sns.steps import Step, StepNotMet, StepOvertaken, Taking, Unmet
from shinshiro_sns.workflow import Workflow
from staff.models import User

CLAUSE, PUBLISH = fakes.CLAUSE, "incidents.publish_fake"
# The steps of the plan that must have been done of this account before it is called a fake.
REPORT, CHECK, SECOND, SITE = "report", "check", "second", "site"
State = Fake.State


# --- What it waits for ----------------------------------------------------------------------------


def may_be_public(fake: Fake, by: User) -> list[Unmet]:
    """What is missing before anybody may be told that it is a fake."""
    incident = fake.incident
    unmet = []
    if not incident.evidence.filter(erased_at__isnull=True).exists():
        sentence = "証拠がありません。偽のアカウントの画面を登録してください。"
        unmet.append(Unmet(sentence, CLAUSE, "evidence"))
    steps = {step.key: step for step in incident.steps.filter(key__in=(REPORT, CHECK, SECOND))}
    for key in (REPORT, CHECK, SECOND):
        step = steps.get(key)
        if step is None or step.state != IncidentStep.State.DONE:
            label = step.label if step else key
            place = f"step:{step.pk}" if step else ""
            unmet.append(Unmet(f"手順「{label}」が行われていません。", CLAUSE, place))
        elif step.settled_at is not None and step.settled_at < fake.identified_at:
            sentence = (
                f"手順「{step.label}」の後に、偽のアカウントのURLか番号が変わりました。"
                "手順を未了に戻して、もう一度行ってください。"
            )
            unmet.append(Unmet(sentence, CLAUSE, f"step:{step.pk}"))
    check, second = steps.get(CHECK), steps.get(SECOND)
    if check and second and check.settled_by_id and check.settled_by_id == second.settled_by_id:
        sentence = "確かめた人と、もう一度確かめた人が同じです。広報主管課の別の職員が確かめます。"
        unmet.append(Unmet(sentence, CLAUSE, f"step:{second.pk}"))
    if (account := fakes.ours(fake.profile)) is not None:
        unmet.append(Unmet(fakes.why_ours(account), CLAUSE, "fake"))
    return unmet


def _gone_long_enough(fake: Fake, by: User) -> list[Unmet]:
    if fake.gone_since is None:
        return [
            Unmet("消えたことが確かめられていません。先に「見直したことを記録する」で記録してください。", CLAUSE)
        ]  # fmt: skip
    until = fake.gone_since + WATCHED_FOR
    if timezone.now() < until:
        day = timezone.localdate(until)
        return [
            Unmet(f"消えてから30日は、また現れないか見張ります({day:%Y年%-m月%-d日}まで)。", CLAUSE)
        ]  # fmt: skip
    return []


# --- What it brings about -------------------------------------------------------------------------


def _published(taking: Taking) -> None:
    """The notice on the city's site, which makes it a known fake in the same moment."""
    fake: Fake = taking.obj
    incident = fake.incident
    fake.notice = publishing.published(incident, Notice.Kind.FAKE, taking)
    steps = {step.key: step for step in incident.steps.filter(key__in=(REPORT, CHECK, SECOND))}
    fake.reported_by = steps[REPORT].settled_by
    fake.checked_by = steps[CHECK].settled_by
    fake.confirmed_by = steps[SECOND].settled_by
    fake.reviewed_at, fake.reviewed_by = taking.at, taking.by
    triage.answer_all(incident, publishing.address_of(fake.notice))


def _reviewed(taking: Taking) -> None:
    """Somebody looked: it is still there, is gone, or has come again."""
    fake: Fake = taking.obj
    is_gone: bool = taking.extra["is_gone"]
    came_again = fake.gone_since is not None and not is_gone
    fake.reviewed_at, fake.reviewed_by = taking.at, taking.by
    said = "見直した:まだある。"
    if came_again:
        said = "見直した:また現れた。"
        fake.gone_since = None
    elif is_gone:
        said = "見直した:消えている。"
        fake.gone_since = fake.gone_since or taking.at
    log.add(fake.incident, log.Kind.NOTE, f"{said}{taking.note}", taking.by, at=taking.at)
    if came_again:
        notices.fake_again(fake, taking.by)


def _withdrawn(taking: Taking) -> None:
    """The public reads the correction in the place of the accusation, at once."""
    fake: Fake = taking.obj
    assert fake.notice is not None  # noqa: S101  (a constraint)
    title, body = taking.extra["title"], taking.extra["body"]
    correction = announcing.take_back(fake.notice, taking.by, title=title, body=body)
    log.add(
        fake.incident, log.Kind.POST, f"公表を取り下げ、訂正した({taking.note}):{title}\n{body}",
        taking.by, at=taking.at, url=publishing.address_of(correction),
    )  # fmt: skip
    notices.fake_withdrawn(fake, taking.by, taking.note)


def _lifted(taking: Taking) -> None:
    fake: Fake = taking.obj
    said = f"偽のアカウントの掲載を終えた:{fake}。{taking.note}"
    log.add(fake.incident, log.Kind.DECISION, said, taking.by, at=taking.at)


def _dismissed(taking: Taking) -> None:
    said = f"「なりすまし」とは公表しないことになった:{taking.obj}"
    log.add(taking.obj.incident, log.Kind.DECISION, said, taking.by, at=taking.at)


def _suspected_again(taking: Taking) -> None:
    fake: Fake = taking.obj
    if other := fakes.dealt_with(fake.profile, besides=fake.incident):
        raise StepNotMet([Unmet(fakes.why_dealt_with(other, taking.by), CLAUSE, "fake")], fake)
    # Whatever was confirmed before it was let go is to be confirmed anew.
    fake.identified_at, fake.identified_by = taking.at, taking.by


STEPS = (
    Step("publish", "公表する", (State.SUSPECTED,), State.PUBLIC, "", CLAUSE,
         unmet=may_be_public, effect=_published),
    Step("review", "見直したことを記録する", (State.PUBLIC,), None, PUBLISH, CLAUSE,
         effect=_reviewed, note_label="確かめたこと", note_required=True, tone="primary",
         explanation="偽のアカウントのURLを開き、今もあるか、今も市のふりをしているかを確かめます。"
         "市のふりをしていなかったと分かったときは、取り下げてください。"),
    Step("withdraw", "取り下げて訂正する", (State.PUBLIC, State.LIFTED), State.WITHDRAWN, PUBLISH,
         CLAUSE, effect=_withdrawn, note_label="取り下げる理由", note_required=True, tone="danger",
         explanation="誤って「なりすまし」と公表したときに行います。すぐに公表をやめ、同じページで訂正を"
         "知らせます。運営者に削除を依頼しているときは、依頼の取下げも連絡してください。"),
    Step("lift", "掲載を終える", (State.PUBLIC,), State.LIFTED, PUBLISH, CLAUSE,
         unmet=_gone_long_enough, effect=_lifted, note_label="終える理由", note_required=True,
         explanation="消えてから30日たっても現れない偽のアカウントを、「これは市のもの?」の照合から"
         "外します。お知らせは、記録として残ります。"),
    Step("dismiss", "公表しないことにする", (State.SUSPECTED,), State.DISMISSED, "", CLAUSE,
         effect=_dismissed),
    Step("suspect", "もう一度確かめる", (State.DISMISSED,), State.SUSPECTED, "", CLAUSE,
         effect=_suspected_again),
)  # fmt: skip


def _lock_incident(fake: Fake) -> None:
    Incident.objects.select_for_update(of=("self",)).filter(pk=fake.incident_id).first()


fake_workflow = Workflow(Fake, STEPS, lock_first=_lock_incident)


# --- With the incident's own steps ------------------------------------------------------------------


def published_with(taking: Taking) -> None:
    """The step 市のサイトで周知する publishes: its effect."""
    step: Any = taking.obj
    given = {name: taking.extra[name] for name in ("title", "body", "urgent_for")}
    public = fake_workflow.take(
        of_incident(step.incident), "publish", by=taking.by, follows=True, **given
    )
    step.url = publishing.address_of(public.notice)


def of_incident(incident: Incident) -> Fake:
    """The account that it is about. Raises StepNotMet where nobody has said which."""
    fake = Fake.objects.select_related("incident__account", "notice").filter(incident=incident)
    if (found := fake.first()) is None:
        raise StepNotMet(not_identified(incident), incident)
    return found


def not_identified(incident: Incident) -> list[Unmet]:
    """That nobody has said yet which account it is."""
    if Fake.objects.filter(incident=incident).exists():
        return []
    return [Unmet("偽のアカウントのURLを登録してください。", CLAUSE, "fake")]


def unmet_to_publish(step: IncidentStep, by: User) -> list[Unmet]:
    """What the step 市のサイトで周知する waits for."""
    if unmet := not_identified(step.incident):
        return unmet
    fake = of_incident(step.incident)
    if not fake.is_suspected:
        sentence = f"偽のアカウントは、すでに「{fake.get_state_display()}」です。"
        return [Unmet(sentence, CLAUSE, "fake")]
    return may_be_public(fake, by)


def unmet_to_undo(step: IncidentStep, by: User) -> list[Unmet]:
    """While the accusation is public, nothing that it rests on is undone: it is taken back first."""
    return unmet_to_drop(step.incident, by)


def unmet_to_drop(incident: Incident, by: User) -> list[Unmet]:
    """A public accusation is taken back before its case is called off."""
    fake = Fake.objects.filter(incident=incident).first()
    if fake is None or not fake.is_accusing:
        return []
    sentence = "「なりすまし」と公表しています。誤りのときは、先に公表を取り下げてください。"
    return [Unmet(sentence, CLAUSE, "fake")]


def laid_down(incident: Incident, by: User) -> None:
    """The case is over: what was only suspected will not be published."""
    _follow(incident, by, State.SUSPECTED, "dismiss")
    triage.answer_all(incident)


def taken_up(incident: Incident, by: User) -> None:
    """The case goes on: it is suspected again, unless another case deals with it."""
    try:
        _follow(incident, by, State.DISMISSED, "suspect")
    except IntegrityError as error:
        # Another case took it up in the same moment.
        raise StepOvertaken([fakes.ELSEWHERE], incident) from error


def _follow(incident: Incident, by: User, state: Fake.State, name: str) -> None:
    fake = Fake.objects.filter(incident=incident, state=state).first()
    if fake is not None:
        fake_workflow.take(fake, name, by=by, follows=True)
