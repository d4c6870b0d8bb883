"""個人情報の漏えい: stop it first. The law asks for two reports and for telling those concerned, in the
cases that article 43 of its rules names; which one it is, the second step asks."""

from incidents.kinds.plan import Kind, PlannedStep, Who, prevention

LEAK = Kind(
    "leak", "個人情報の漏えい", "5",
    "住所・氏名・電話番号・写真など、他人の個人情報を、載せてはいけないのに載せた、または送ったとき。そのおそれがあるときも含みます。",
    "まず、見られなくします。投稿は、画面を保存してから削除します。漏れた情報を、この記録や証拠に必要以上に書き写さないでください。",
    (
        PlannedStep(
            "stop", "広がりを止める",
            "投稿の削除、共有の停止、誤って送った相手への削除の依頼をします。検索結果や転載も確かめます。",
            Who.OFFICER, "4(3)", deadline="leak.stop", evidence="漏えいの範囲が分かる画面や記録",
        ),
        PlannedStep(
            "facts", "事実と、法律の報告が要るかを確かめる",
            "だれの、どの情報が、何人分、いつからいつまで、だれに見られたかを確かめます。答えによって、個人情報保護委員会への報告と、本人への通知の期限が決まります。",
            Who.HEAD, "5", deadline="leak.facts",
        ),
        PlannedStep(
            "prompt", "個人情報保護委員会へ速報する",
            "分かっている範囲で、個人情報保護委員会に報告します(個人情報保護法68条1項)。個人情報保護を担当する課と一緒に行います。",
            Who.HEAD, "5", evidence="報告した内容と受付の記録", text="leak.prompt",
        ),
        PlannedStep(
            "people", "本人に通知する",
            "漏えいした本人に、何が起きたか、どうすればよいかを、速やかに知らせます(同条2項)。連絡できないときは、公表などの代わりの措置をとります。",
            Who.HEAD, "5", text="leak.people",
        ),
        PlannedStep(
            "final", "個人情報保護委員会へ確報する",
            "原因と再発防止を含めて、個人情報保護委員会に報告します(同条1項)。",
            Who.HEAD, "5", evidence="報告した内容と受付の記録", text="leak.final",
        ),
        PlannedStep(
            "publish", "公表が要るか決める",
            "二次被害を防ぐため、市のサイトで公表するかを決めます。要らないと決めたときは、その理由を書いて省略します。",
            Who.PR, "5", deadline="leak.publish", text="leak.publish",
        ),
        prevention(),
    ),
    elsewhere=True,
)  # fmt: skip
