"""How an account moves. It becomes official through its policy alone: 3(2), 4(1)."""

from django.utils import timezone

from accounts.models import Account
from shinshiro_sns.steps import Step, Taking
from shinshiro_sns.workflow import Workflow

Status = Account.Status


def _opened(taking: Taking) -> None:
    taking.obj.official_since = taking.obj.official_since or timezone.localdate(taking.at)


def _not_opened_after_all(taking: Taking) -> None:
    taking.obj.official_since = None


STEPS = (
    # Both follow from what happens to the policy; nobody opens an account by hand.
    Step("open", "公式アカウントにする", (Status.PREPARING,), Status.OFFICIAL, "", "3(2)",
         effect=_opened),
    Step("unopen", "準備中に戻す", (Status.OFFICIAL,), Status.PREPARING, "", "3(2)",
         effect=_not_opened_after_all),
)  # fmt: skip

account_workflow = Workflow(Account, STEPS, state_field="status")
