"""Public pages: clauses 3(6) and 6(2). Read-only, the same for everybody."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import Account, Notice
from policies.guideline import GuidelineVersion
from policies.models import OperatingPolicy
from publication import cards, guideline_text, policy_text, structured_data
from publication.addresses import absolute
from publication.pages import TO_LIST, Page, public_page, show


def _public_account(pk: int) -> Account:
    # One that is being prepared is as unknown as one that never was.
    rows = Account.objects.public().select_related("department", "certification", "successor")
    return get_object_or_404(rows, pk=pk)


def _policies(account: Account) -> list[OperatingPolicy]:
    return list(policy_text.public_policies(account).order_by("-version"))


def _with_its_people(policy: OperatingPolicy) -> OperatingPolicy:
    full = OperatingPolicy.objects.select_related("account__department")
    return full.prefetch_related("partners", "users", "administrators").get(pk=policy.pk)


def _stands_since(account: Account, notices: list[Notice]) -> datetime.date | None:
    """The day from which it is suspended or closed; None where it is neither by a step of 6."""
    newest = next((each for each in notices if each.kind in Notice.STANDING), None)
    change = getattr(newest, "change", None) if newest and newest.kind == account.status else None
    return change.effective_on if change else None


@public_page
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """`/accounts/ID/`: one account, what it is today, and its policy in force."""
    shown = _public_account(pk)
    policies = _policies(shown)
    versions = policy_text.versions(policies, shown)
    current = next((each for each in policies if each.state != each.State.SUPERSEDED), None)
    notices = list(shown.notices.public().select_related("change"))
    path = shown.get_absolute_url()
    name = shown.title
    page = Page(
        f"{name}({shown.service_info.name})",
        cards.says(shown),
        path,
        structured_data.of_account(shown),
        translations=(("ja", path), ("en", reverse("publication:account_english", args=[pk]))),
    )
    return show(
        request,
        "account.html",
        page,
        account=shown,
        name=name,
        facts=cards.facts(shown, _stands_since(shown, notices)),
        overdue=cards.is_overdue(shown),
        notices=notices,
        standing=cards.standing(shown),
        out=cards.way_out(shown),
        items=policy_text.items(_with_its_people(current)) if current else [],
        version=next((each for each in versions if each.is_current), None),
        versions=versions,
        exact_url=absolute(path),
        snippet=cards.snippet(shown),
        trail=[TO_LIST],
    )


@public_page
def policy_version(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """`/accounts/ID/policy/VERSION/`: one version of the policy that is or was in force."""
    shown = _public_account(pk)
    policies = _policies(shown)
    policy = next((each for each in policies if each.version == version), None)
    if policy is None:
        raise Http404
    name = shown.title
    heading = f"運用ポリシー 第{version}版"
    page = Page(
        f"{heading} {name}",
        f"{settings.CITY_NAME}の公式アカウント「{name}」の運用ポリシー第{version}版です。",
        reverse("publication:policy", args=[pk, version]),
    )
    versions = policy_text.versions(policies, shown)
    full = _with_its_people(policy)
    before = next((each for each in policies if each.version < version), None)
    return show(
        request,
        "policy.html",
        page,
        account=shown,
        name=name,
        items=policy_text.items(full),
        before=before,
        changes=policy_text.changes(_with_its_people(before), full) if before else [],
        version=next(each for each in versions if each.number == version),
        heading=heading,
        trail=[TO_LIST, {"label": name, "url": shown.get_absolute_url()}],
    )


@public_page
def guideline(request: HttpRequest) -> HttpResponse:
    """`/guideline/`: the guideline in force, and its other versions."""
    return _guideline(
        request, GuidelineVersion.objects.in_force(), reverse("publication:guideline")
    )


@public_page
def guideline_version(request: HttpRequest, day: datetime.date) -> HttpResponse:
    """`/guideline/DATE/`: the version that came or comes into force on that day."""
    shown = get_object_or_404(GuidelineVersion, effective_from=day)
    return _guideline(request, shown, reverse("publication:guideline_version", args=[day]))


def _guideline(request: HttpRequest, shown: GuidelineVersion | None, path: str) -> HttpResponse:
    versions = guideline_text.versions()
    day = shown.effective_from if shown else None
    standing = next((row for row in versions if row.effective_from == day), None)
    earlier = GuidelineVersion.objects.order_by("-effective_from")
    before = earlier.filter(effective_from__lt=day).first() if day else None
    page = Page(
        shown.title if shown else "ガイドライン",
        f"{settings.CITY_NAME}がソーシャルメディアを運用するときの決まりです。",
        path,
    )
    return show(
        request,
        "guideline.html",
        page,
        guideline=shown,
        standing=standing,
        paragraphs=guideline_text.paragraphs(shown) if shown else [],
        before=before,
        changes=guideline_text.changes(before, shown) if before and shown else [],
        version_headings=guideline_text.HEADINGS,
        version_rows=[guideline_text.row(version) for version in versions],
    )


@public_page
def not_found(request: HttpRequest) -> HttpResponse:
    """`/404.html`: what a web server says for an address that is no file of the publication."""
    page = Page(
        "ページが見つかりません",
        "アドレスに誤りがあるか、ページがなくなっています。",
        reverse("publication:not_found"),
        is_for_search_engines=False,
    )
    return show(request, "not_found.html", page)
