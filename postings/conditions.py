"""What the steps of a post wait for, each as sentences that cite the clause."""

from __future__ import annotations

from django.db.models import QuerySet

from postings import decisions
from postings.checking import ImageKind
from postings.models import Post, Rights
from postings.permission import Answer, may_post
from postings.practice import practice_of
from shinshiro_sns.steps import Unmet
from staff import authority
from staff.models import User

APPROVE = "postings.approve_post"
SHOWS_PEOPLE = frozenset({ImageKind.PHOTO, ImageKind.VIDEO})
NOBODY = (
    "この所属に、承認できるほかの職員がいません。システム管理者に所属の記録への登録を頼むか、"
    "運用ポリシーの「発信前の承認」を見直してください。"
)


def fit(post: Post, by: User) -> list[Unmet]:
    """Everything but the second pair of eyes: it may go out, and all that was found is decided."""
    return [*within_4_1(post, may_post(post.account)), *undecided(post), *rights_unsaid(post)]


def fit_and_somebody_there(post: Post, by: User) -> list[Unmet]:
    """The same, where somebody else is to look at it: there must be one."""
    unmet = fit(post, by)
    others = authority.holders(APPROVE, post.scope_department_ids).exclude(
        pk__in={*post.authors, by.pk}
    )
    return unmet if others.exists() else [*unmet, Unmet(NOBODY, "4(2)", "approvers")]


def within_4_1(post: Post, answer: Answer) -> list[Unmet]:
    """4(1): within the hours, or with a ground; never where more than the clock stands against it."""
    if answer.allowed:
        return []
    if not answer.by_clock:
        return [Unmet(answer.reason, "4(1)", "account")]
    if post.ground and post.ground_reason.strip():
        return []
    sentence = "運用時間の外ですので、発信する事由を選び、やむを得ない理由を入力してください。"
    return [Unmet(sentence, "4(1)", "ground")]


def undecided(post: Post) -> list[Unmet]:
    """4(2), 4(3): errors neither mended nor kept with a reason, and warnings nobody confirmed."""
    return [
        Unmet(
            f"「{point.finding.title}」を"
            + ("直すか、そのまま発信する理由を入力してください。" if point.level == "error"
               else "確かめて、印を付けてください。"),
            point.finding.clause, f"point-{point.key}",
        )
        for point in decisions.anew(post)
        if point.is_open
    ]  # fmt: skip


def rights_unsaid(post: Post) -> list[Unmet]:
    """4(3): by what right the images are used, and whether whoever they show agreed."""
    images = decisions.images_of(post)
    if not images:
        return []
    unmet = []
    if not post.rights:
        unmet.append(Unmet("画像などの権利を選んでください。", "4(3)", "rights"))
    elif post.rights != Rights.OWN and not post.rights_note.strip():
        sentence = "だれの許しを得たのか、またはどの条件に従うのかを入力してください。"
        unmet.append(Unmet(sentence, "4(3)", "rights_note"))
    if not post.portrait and any(image.kind in SHOWS_PEOPLE for image in images):
        unmet.append(Unmet("写っている人の承諾について選んでください。", "4(3)", "portrait"))
    return unmet


def another_person(post: Post, by: User) -> list[Unmet]:
    """Nobody approves, or sends back, what he wrote himself."""
    if by.pk not in post.authors:
        return []
    return [Unmet("ご自身が書いたものは承認できません。ほかの職員が確かめます。", "4(2)")]


def needs_approval(post: Post, by: User) -> bool:
    """Whether the account's policy wants a second pair of eyes today."""
    return practice_of(post.account).needs_approval


def needs_none(post: Post, by: User) -> bool:
    """Whether it may go out without."""
    return not needs_approval(post, by)


def approvers(post: Post) -> QuerySet[User]:
    """Those who may look at it: of the managing department, and none of its authors."""
    able = authority.holders(APPROVE, post.scope_department_ids)
    return able.exclude(pk__in=post.authors).order_by("kana", "name", "pk")
