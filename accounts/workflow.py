"""How an account moves: it becomes official through its policy alone, 3(2), 4(1); it is suspended,
resumed and closed as the head decides, 6(1), and each of these publishes its notice, 6(2).

A closed account never opens again: its name stays on the public list, its handle may be another's.
While it is not deleted, the head says who guards it.
"""

from django.utils import timezone

from accounts import guarding, notices, standing
from accounts.models import Account
from shinshiro_sns.steps import Step, Taking, Unmet
from shinshiro_sns.workflow import Workflow
from staff.models import User

Status = Account.Status
REASON = "理由(庁内の記録)"
PLACE_OF_HEAD = "所属の長の不在のため、代わりに決定します。所属の長が後で確かめます(後閲)。"


def _opened(taking: Taking) -> None:
    taking.obj.official_since = taking.obj.official_since or timezone.localdate(taking.at)


def _not_opened_after_all(taking: Taking) -> None:
    taking.obj.official_since = None


def _resumable_for_head(account: Account, by: User) -> list[Unmet]:
    return [*standing.head_absent(account, by), *standing.has_policy(account, by)]


STEPS = (
    # Both follow from what happens to the policy; nobody opens an account by hand.
    Step("open", "公式アカウントにする", (Status.PREPARING,), Status.OFFICIAL, "", "3(2)",
         effect=_opened),
    Step("unopen", "準備中に戻す", (Status.OFFICIAL,), Status.PREPARING, "", "3(2)",
         effect=_not_opened_after_all),
    Step(
        "suspend", "運用を停止する", (Status.OFFICIAL,), Status.SUSPENDED,
        "accounts.suspend_account", "6(1)",
        effect=standing.changed, notices=(notices.standing_changed,),
        note_label=REASON, note_required=True,
        explanation="情報の発信を止めます。アカウントと運用ポリシーは残り、後で再開できます。",
    ),
    Step(
        "suspend_for_head", "代決して運用を停止する", (Status.OFFICIAL,), Status.SUSPENDED,
        "accounts.suspend_account_for_head", "6(1)", unmet=standing.head_absent,
        effect=standing.changed, notices=(notices.standing_changed,),
        note_label=REASON, note_required=True, explanation=PLACE_OF_HEAD,
    ),
    Step(
        "resume", "運用を再開する", (Status.SUSPENDED,), Status.OFFICIAL,
        "accounts.resume_account", "6(1)", unmet=standing.has_policy,
        effect=standing.changed, notices=(notices.standing_changed,),
        note_label=REASON, note_required=True, tone="primary",
        explanation="公式アカウントとしての運用を再開します。運用ポリシーは、停止する前のままです。",
    ),
    Step(
        "resume_for_head", "代決して運用を再開する", (Status.SUSPENDED,), Status.OFFICIAL,
        "accounts.resume_account_for_head", "6(1)", unmet=_resumable_for_head,
        effect=standing.changed, notices=(notices.standing_changed,),
        note_label=REASON, note_required=True, tone="primary", explanation=PLACE_OF_HEAD,
    ),
    Step(
        "close", "廃止する", (Status.OFFICIAL, Status.SUSPENDED), Status.CLOSED,
        "accounts.close_account", "6(1)",
        effect=standing.changed, notices=(notices.standing_changed,),
        note_label=REASON, note_required=True, tone="danger",
        explanation="このアカウントの運用を終えます。廃止したアカウントを、再開することはできません。",
    ),
    Step(
        "close_for_head", "代決して廃止する", (Status.OFFICIAL, Status.SUSPENDED), Status.CLOSED,
        "accounts.close_account_for_head", "6(1)", unmet=standing.head_absent,
        effect=standing.changed, notices=(notices.standing_changed,),
        note_label=REASON, note_required=True, tone="danger", explanation=PLACE_OF_HEAD,
    ),
    Step(
        "name_guards", "管理する職員を定める", (Status.CLOSED,), None,
        "accounts.close_account", "6(1)", offered=guarding.is_in_care, effect=guarding.named,
        explanation="廃止した後も残っているアカウントを、だれが管理するかを定めます。",
    ),
    Step(
        "delete_handle", "削除してもらうことに改める", (Status.CLOSED,), None,
        "accounts.close_account", "6(1)",
        offered=guarding.is_guarded, effect=guarding.to_be_deleted,
        note_label=REASON, note_required=True, tone="danger",
        explanation="管理を続けてきたアカウントを、運営者に削除してもらいます。削除したアカウント名は、別の人が取得して、"
        "市のアカウントのように使うことがあります。",
    ),
)  # fmt: skip

account_workflow = Workflow(Account, STEPS, state_field="status")
