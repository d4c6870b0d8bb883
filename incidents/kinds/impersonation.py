"""なりすまし, 5(2): somebody poses as the city. Calling an account fake in public is an accusation, so
that it takes evidence, the head's report and a second person of the PR division."""

from incidents.kinds.plan import Kind, PlannedStep, Who

IMPERSONATION = Kind(
    "impersonation", "なりすまし", "5(2)",
    "市や所属のふりをした、市のものではないアカウントを見つけたとき。市のアカウントそのものを他人に使われているときは「乗っ取り」を選びます。",
    "偽のアカウントに返信したり、フォローしたり、メッセージのURLを開いたりしないでください。先に証拠を保存します。通報すると、すぐ消えて証拠が残らないことがあります。",
    (
        PlannedStep(
            "evidence", "証拠を保存する",
            "偽のアカウントのURL、プロフィールと投稿の画面を、日時が分かるように保存します。届いたメッセージがあれば、それも保存します。",
            Who.OFFICER, "5(2)", deadline="impersonation.evidence",
            evidence="偽のアカウントのプロフィールと投稿の画面",
        ),
        PlannedStep(
            "report", "所属長から広報主管課へ報告する",
            "所属の長が内容を確かめ、広報主管課に報告します。この記録が報告になります。急ぐときは電話もします。",
            Who.HEAD, "5(2)", deadline="impersonation.report",
        ),
        PlannedStep(
            "check", "市のアカウントでないことを確かめる",
            "公式アカウントの一覧、全庁の所属、過去に廃止したアカウントに当たり、市のものでないことを確かめます。",
            Who.PR, "5(2)", deadline="impersonation.check",
        ),
        PlannedStep(
            "second", "別の職員が確かめる",
            "「なりすまし」と公表すると、取り返しがつきません。確かめた人とは別の職員が、証拠と報告を見て、もう一度確かめます。",
            Who.SECOND, "5(2)", deadline="impersonation.second", not_by="check",
        ),
        PlannedStep(
            "takedown", "運営者へ削除を依頼する",
            "偽のアカウントがあるサービスの運営者に、削除を依頼します。受付番号と日時を記録します。",
            Who.OFFICER, "5(2)", deadline="impersonation.takedown",
            evidence="依頼した内容と、受付の画面やメール", text="impersonation.takedown",
        ),
        PlannedStep(
            "site", "市のサイトで周知する",
            "偽のアカウントがあること、市のアカウントではないこと、してはいけないことを、市のサイトで周知します。",
            Who.PR, "5(2)", deadline="impersonation.notice", text="impersonation.site",
        ),
        PlannedStep(
            "account", "アカウントで周知する",
            "公式アカウントで、偽のアカウントに注意するよう投稿します。偽のアカウントへのリンクは付けません。",
            Who.OFFICER, "5(2)", deadline="impersonation.notice", text="impersonation.account",
            evidence="周知した投稿の画面", posts=True,
        ),
        PlannedStep(
            "press", "報道機関への情報提供が要るか決める",
            "金銭や個人情報の被害が出るおそれがあるとき、広がりが大きいときは、報道機関に情報を提供します。要らないと決めたときは、その理由を書いて省略します。",
            Who.PR, "5(2)", deadline="impersonation.press", text="impersonation.press",
        ),
        PlannedStep(
            "removed", "削除を確かめる",
            "偽のアカウントのURLを開き、消えたことを確かめます。断られたとき、返事がないときは、もう一度依頼します。",
            Who.OFFICER, "5(2)", deadline="operator.answer", evidence="消えたことが分かる画面",
        ),
        PlannedStep(
            "watch", "また現れないか見張る",
            "似た名前で、また現れることがあります。アカウント名や表示名で検索し、現れていないことを確かめます。",
            Who.PR, "5(2)", deadline="impersonation.watch",
        ),
    ),
    elsewhere=True,
    texts=(
        ("impersonation.takedown_english", "運営者へ削除を依頼する(英文)"),
        ("impersonation.withdrawal", "公表を取り下げる"),
    ),
)  # fmt: skip
