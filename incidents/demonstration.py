"""Incidents for the demonstration: one of each kind, in several states, told by their own steps."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import Account
from accounts.profiles import UnreadableProfile, read_profile
from incidents import evidence, fakes, log
from incidents.escalation import escalate
from incidents.models import (
    Contact,
    DutyRoster,
    FakeReport,
    Incident,
    IncidentStep,
    ReportedAccount,
    Severity,
)
from incidents.opening import open_incident
from incidents.workflow import incident_workflow, line_for, step_workflow
from policies.demonstration.clock import standing_at, working_day
from staff.models import Department, Membership, User

MINUTE = datetime.timedelta(minutes=1)
NINE = datetime.time(9, 10)
# No telephone of anybody's.
TELEPHONE = "0536-23-0000"


@dataclass(frozen=True)
class Act:
    """One act: so many minutes after the discovery, on the step of this key, or a note (key "")."""

    after: int
    key: str
    words: str
    act: str = "do"
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """One incident: `ago` in working days, or None for so many minutes `before` now. `at` is which of
    the demonstration's official accounts it is of."""

    kind: str
    known: str
    severity: Severity
    at: int
    acts: tuple[Act, ...]
    ago: int | None = None
    before: int = 0
    how: str = ""
    end: str = ""
    learnt: str = ""


IDENTIFIED = "identified"
WARNING = (
    "市の公式アカウントとよく似た名前の、偽のアカウントがあります。市のアカウントではありません。\n\n"
    "・フォローや返信をしないでください。\n・届いたメッセージのURLを開かないでください。\n"
    "・名前、電話番号、口座などを教えないでください。"
)
TAKEN_OVER = (
    "市の公式アカウントが、第三者に操作されています。夜のうちの投稿は、市のものではありません。"
    "URLを開いたり、返信したりしないでください。"
)
REPORTED = (
    ("mihon_atari", ("市の名前で、当選したというメッセージが届いた。", "口座番号を聞かれた。")),
    ("mihon_no_hito", ("市の広報と同じ写真を使っている。",)),
)

STORIES = (
    Story(
        "error", "催しの日付を11月3日と書いた。正しくは11月8日。",
        Severity.SERIOUS, 0,
        (
            Act(8, "confirm", "企画書と照らした。日付だけが誤り。投稿の画面を保存した。"),
            Act(35, "correct", "【訂正】先ほどの日付は誤りで、正しくは11月8日です。申し訳ありません。",
                given={"url": "https://x.com/mihon_example/status/1", "wrong": "11月3日",
                       "right": "11月8日", "apology": "made", "why_none": ""}),
            Act(50, "original", "元の投稿は残し、訂正の投稿を引用で付けた。"),
            Act(70, "site", "申込みはまだ始まっておらず、影響がないため。", "waive"),
            Act(300, "prevention", "投稿の前に、もう一人が資料と日付・曜日を照らすことにした。"),
        ),
        ago=12, how="市民からの電話", end="end",
        learnt="一人で作って一人で投稿していた。曜日の確認が手順になかった。",
    ),
    Story(
        "impersonation", "公式アカウントとよく似た名前のアカウントから、当選の知らせが市民に届いている。",
        Severity.GRAVE, 0,
        (
            Act(5, IDENTIFIED, "偽のアカウントの画面"),
            Act(10, "evidence", "プロフィールと、届いたメッセージの画面を保存した。アカウント名の下線が一つ多い。"),
            Act(40, "report", "所属で確かめ、広報主管課に電話でも知らせた。"),
            Act(60, "check", "公式アカウントの一覧と、廃止したアカウントに無い。観光課のほかに心当たりの所属もない。"),
            Act(75, "second", "証拠と一覧を見比べた。市のものではない。"),
            Act(85, "site", "偽のアカウントについて、市のサイトで周知した。",
                given={"title": "偽のアカウントにご注意ください", "body": WARNING, "urgent_for": None}),
            Act(95, "takedown", "運営者の、なりすましの報告フォームから依頼した。",
                given={"way": "form", "right": "name", "receipt": "EX-0001"}),
            Act(100, "", "市民から、URLを開いてしまったという電話。カード番号は入力していないとのこと。"),
        ),
        ago=2, how="市民からの電話",
    ),
    Story(
        "flaming", "昨日の投稿の言い方に批判が集まり、返信が200件を超えている。",
        Severity.SERIOUS, 1,
        (Act(6, "hold", "課の全員に口頭で伝え、予約していた投稿を止めた。"),),
        before=50, how="職員が見つけた",
    ),
    Story(
        "hijack", "夜のうちに、覚えのない投資の広告が3件投稿されていた。",
        Severity.GRAVE, 2,
        (
            Act(5, "sessions", "すべての端末からログアウトした。知らない端末が1台あった。"),
            Act(9, "password", "変更した。登録しているメールのほうも変更した。"),
            Act(14, "two_factor", "認証アプリで設定し直した。"),
            Act(20, "apps", "覚えのない連携アプリを1件解除した。"),
            Act(28, "posts", "画面を保存してから、3件を削除した。"),
            Act(45, "operator", "運営者に報告した。受付番号 EX-0002。"),
            Act(55, "warn", "市のサイトで注意を呼びかけた。",
                given={"title": "市のアカウントの投稿にご注意ください", "body": TAKEN_OVER,
                       "urgent_for": None}),
            Act(240, "resume", "閉め出しを確かめ、再開することにした。"),
            Act(500, "prevention", "二要素認証がないアカウントを全庁で調べることにした。"),
        ),
        ago=31, how="市民からの通報", end="end",
        learnt="使い回したパスワードが原因と思われる。二要素認証を設定していなかった。",
    ),
    Story(
        "leak", "講座の写真に、申込者の名前が読める名簿が写り込んでいた。",
        Severity.GRAVE, 3,
        (
            Act(12, "stop", "投稿を削除した。検索の結果に残っていないことを確かめた。"),
            Act(90, "facts", "名簿の上半分が読める。病歴の欄が含まれる。",
                given={"count": 14, "cases": ["sensitive"]}),
        ),
        ago=1, how="職員が見つけた",
    ),
    Story(
        "other", "アカウントの表示が変わったように見えたが、アプリの更新によるものだった。",
        Severity.MINOR, 4, (), ago=20, how="職員が見つけた", end="cancel",
        learnt="アプリの見た目が変わっただけで、何も起きていなかったため。",
    ),
    Story(
        "error", "臨時休館のお知らせの電話番号が、一桁違っている。",
        Severity.MINOR, 5,
        (Act(15, "confirm", "投稿の画面を保存した。正しい番号を確かめた。"),),
        before=200, how="利用者の指摘",
    ),
)  # fmt: skip


def tell(today: datetime.date) -> None:
    """Every story on the city's official accounts, who is on duty, and whom else to call."""
    official = Account.objects.filter(status=Account.Status.OFFICIAL).select_related("department")
    # Those whose officers can log in to the demonstration come first.
    ordered = sorted(
        official.order_by("pk"),
        key=lambda account: (not _logs_in(account.department), account.department.is_pr_division),
    )
    if not ordered:
        return
    for story in STORIES:
        _Teller(story, ordered[story.at % len(ordered)], today).tell()
    _reported()
    _calling(ordered[0].department)
    escalate()


def _reported() -> None:
    """What citizens took for fakes, and nobody has looked at yet."""
    division = Department.objects.filter(is_pr_division=True).first()
    for number, (handle, whys) in enumerate(REPORTED):
        profile = read_profile(handle, "x")
        row = ReportedAccount.objects.create(
            service=profile.service, handle=profile.handle, url=profile.url,
            identity=profile.identity, department=division,
        )  # fmt: skip
        for at, why in enumerate(whys):
            FakeReport.objects.create(reported=row, why=why, form=f"mihon-{number}-{at}")


def _logs_in(department: Department) -> bool:
    members = User.objects.members_of([department], [Membership.Role.OFFICER])
    return any(person.has_usable_password() for person in members)


def _calling(department: Department) -> None:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for of in (department, Department.objects.pr_division()):
        person = User.objects.members_of([of], [Membership.Role.OFFICER]).first() if of else None
        if of and person:
            DutyRoster.objects.create(
                department=of, person=person, telephone=TELEPHONE,
                begins_at=now, ends_at=now + datetime.timedelta(days=7),
            )  # fmt: skip
    Contact.objects.create(name="宿直室", telephone=TELEPHONE, order=1, note="夜間と休日")
    Contact.objects.create(name="企画部長", telephone=TELEPHONE, order=2)


class _Teller:
    """One story, told act by act, each at its own time by who does that step."""

    def __init__(self, story: Story, account: Account, today: datetime.date) -> None:
        self.story, self.account = story, account
        self.began = (
            timezone.now().replace(second=0, microsecond=0) - story.before * MINUTE
            if story.ago is None
            else timezone.make_aware(datetime.datetime.combine(working_day(story.ago, today), NINE))
        )
        own = [account.department]
        self.officer = User.objects.members_of(own, [Membership.Role.OFFICER]).first()
        self.head = User.objects.members_of(own, [Membership.Role.HEAD]).first()
        division = Department.objects.filter(is_pr_division=True)
        self.pr = list(User.objects.members_of(division, [Membership.Role.OFFICER]))

    def tell(self) -> None:
        """Opened two minutes after the discovery; each act recorded when it was done."""
        if self.officer is None or self.head is None or len(self.pr) < 2:
            return
        story = self.story
        with standing_at(self.began + 2 * MINUTE):
            incident, _ = open_incident(
                story.kind, self.account.department, self.officer, account=self.account,
                known=story.known, discovered_at=self.began, discovered_how=story.how,
                severity=story.severity,
            )  # fmt: skip
        for act in story.acts:
            with standing_at(self.began + act.after * MINUTE):
                self._act(incident, act)
        if story.end:
            with standing_at(self.began + 600 * MINUTE):
                incident_workflow.take(
                    incident, story.end, by=self.head, note=story.learnt, learnt=story.learnt
                )

    def _act(self, incident: Incident, act: Act) -> None:
        if not act.key:
            log.add(incident, log.Kind.CONTACT, act.words, self.officer)
            return
        if act.key == IDENTIFIED:
            self._identify(incident, act.words)
            return
        step = IncidentStep.objects.get(incident=incident, key=act.key)
        who = {"officer": self.officer, "head": self.head, "pr": self.pr[0], "second": self.pr[1]}
        by: Any = who[step.who]
        line = line_for(act.act, step, by)
        words = {"words": act.words} if act.act == "do" else {}
        given = {"happened_at": timezone.now(), "url": "", **words, **act.given}
        step_workflow.take(step, line.name, by=by, note=act.words, **given)

    def _identify(self, incident: Incident, shows: str) -> None:
        """An account with a name like the real one's, and a picture of it."""
        assert self.officer is not None  # noqa: S101  (asked above)
        try:
            profile = read_profile(f"{self.account.handle}_", self.account.service)
        except UnreadableProfile:
            profile = read_profile("https://x.com/nise_mihon_")
        fakes.identify(incident, self.officer, profile, name=self.account.title)
        picture = io.BytesIO()
        Image.new("RGB", (360, 640), "#d8dee4").save(picture, "PNG")
        evidence.keep(
            incident, SimpleUploadedFile("gamen.png", picture.getvalue()), shows=shows,
            by=self.officer,
        )  # fmt: skip
