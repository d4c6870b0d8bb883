"""Drafts: what a next one begins with, what follows into the register, and two with one text."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from policies import drafting
from policies.forms import FORMS
from policies.models import OperatingPolicy
from shinshiro_sns.steps import StepRefused
from tests import factories
from tests.policies.test_races import at_once

State = OperatingPolicy.State
TEXTS = ("purpose", "content", "hours", "reply", "reply_handling", "personal_information")


@pytest.fixture
def draft(cast):
    return factories.draft(factories.account(cast.tourism), cast.officer)


def posted(policy, key, **typed):
    """The section's form as a browser sends it, with `typed` in its fields, and what it saw."""
    unbound = FORMS[key](instance=policy)
    values = {name: unbound[name].value() for name in unbound.fields} | typed
    form = FORMS[key]({n: v for n, v in values.items() if v is not False}, instance=policy)
    assert form.is_valid(), form.errors
    return form


def test_a_closed_account_gets_no_further_draft(cast):
    account = factories.account(cast.tourism, official_since=datetime.date(2020, 4, 1))
    Account.objects.filter(pk=account.pk).update(status=Account.Status.CLOSED)

    with pytest.raises(StepRefused) as refused:
        drafting.begun(account, cast.officer)

    assert [reason.sentence for reason in refused.value.reasons] == [
        "廃止したアカウントの運用ポリシーは作成できません。"
    ]
    assert OperatingPolicy.objects.count() == 0


def test_after_a_withdrawal_the_next_draft_begins_with_the_withdrawn_text(cast):
    account = factories.account(cast.tourism)
    withdrawn = factories.policy(
        account, cast.officer, State.WITHDRAWN, partners=(cast.safety,), content="催しだけ"
    )

    following = drafting.begun(account, cast.colleague)

    assert [getattr(following, field) for field in TEXTS] == [
        getattr(withdrawn, field) for field in TEXTS
    ]
    assert (following.content, following.version) == ("催しだけ", 2)
    assert list(following.partners.all()) == [cast.safety]
    assert list(following.users.all()) == list(following.administrators.all()) == [cast.officer]


def test_what_is_in_force_comes_before_a_change_that_was_withdrawn(cast):
    account = factories.account(cast.tourism)
    people = {"head": cast.head, "receiver": cast.pr_officer}
    factories.policy(account, cast.officer, State.IN_FORCE, **people, content="施行中の内容")
    factories.policy(account, cast.officer, State.WITHDRAWN, content="やめた変更")

    assert drafting.begun(account, cast.officer).content == "施行中の内容"


def test_while_an_account_is_prepared_the_register_follows_with_its_partners(cast, draft):
    form = posted(
        OperatingPolicy.objects.get(pk=draft.pk), "shared", is_shared=True, shared_theme="防災",
        shared_reason="探しやすいため", partners=[str(cast.safety.pk)],
    )  # fmt: skip

    drafting.save(draft, form, cast.officer)

    account = Account.objects.get()
    assert (account.is_shared, account.shared_theme, list(account.partners.all())) == (
        True, "防災", [cast.safety],
    )  # fmt: skip


def test_two_who_type_the_same_do_not_clash(draft):
    form = posted(OperatingPolicy.objects.get(pk=draft.pk), "purpose", purpose="同じ新しい目的")
    seen = drafting.stored(draft, form.fields)
    draft.purpose = "同じ新しい目的"
    draft.save()

    assert drafting.merge(draft, form, seen) == ([], [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_enter_the_same_address_at_once_one_is_told_whose_it_is(cast, attempt):
    ways = {
        who: reverse(
            "policies:section", args=[factories.draft(factories.account(of), who).pk, "account"]
        )
        for who, of in ((cast.officer, cast.tourism), (cast.partner_officer, cast.safety))
    }

    def entering(who):
        client = Client()
        client.force_login(who)
        seen = client.get(ways[who]).context["seal"]
        typed = {"seen": seen, "url": "@the_same", "name": "名前", "category": "tourism"}
        return lambda: client.post(ways[who], typed)

    answers = at_once(*(entering(who) for who in ways))

    owner = Account.objects.get(identity="x:the_same").department
    [loser] = [answer for answer in answers if answer.status_code != 302]
    assert loser.status_code in (409, 422)
    [said] = loser.context["form"].errors["url"]
    assert said.startswith(f"このアカウントは{owner}が登録しています(準備中)。")
