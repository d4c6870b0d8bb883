"""炎上, 5(3): criticism pours in. Nobody answers on his own; the department explains, corrects or
apologises, and says so where that takes time."""

from incidents.kinds.plan import Kind, PlannedStep, Who, prevention

FLAMING = Kind(
    "flaming", "炎上", "5(3)",
    "市のアカウントの投稿に、批判や苦情が殺到して、収拾がつかなくなっているとき。投稿の誤りだけで、批判が広がっていないときは「誤記」を選びます。",
    "職員が個人で反論や弁解をしてはいけません。返信も、「いいね」も、批判した人のブロックもしません。個人のアカウントからも書きません。",
    (
        PlannedStep(
            "hold", "個人で答えないことを全員に伝える",
            "所属の全員に、個人の判断で返信・反論しないことを伝えます。予約している投稿を止めます。",
            Who.OFFICER, "5(3)", deadline="flaming.hold",
        ),
        PlannedStep(
            "record", "状況を記録する",
            "元の投稿、批判の内容、広がり(件数、取り上げた報道やアカウント)を、日時とともに記録します。元の投稿は、方針が決まるまで消しません。",
            Who.OFFICER, "5(3)", deadline="flaming.record",
            evidence="元の投稿と、主な批判の画面",
        ),
        PlannedStep(
            "holding", "時間がかかることを投稿する",
            "対応に時間がかかるときは、確かめていることと、いつまでに答えるかを投稿します。すぐに説明できるときは、その理由を書いて省略します。",
            Who.HEAD, "5(3)", deadline="flaming.holding", text="flaming.holding",
            evidence="投稿の画面", posts=True,
        ),
        PlannedStep(
            "policy", "説明・訂正・謝罪の方針を決める",
            "説明するのか、訂正するのか、謝罪するのかを、所属の長が広報主管課と相談して決めます。",
            Who.HEAD, "5(3)", deadline="flaming.policy",
        ),
        PlannedStep(
            "post", "所属として投稿する",
            "決めた方針で、所属としての説明・訂正・謝罪を投稿します。個人の名前や、個人への反論は書きません。",
            Who.OFFICER, "5(3)", deadline="flaming.post", text="flaming.statement",
            evidence="投稿の画面", posts=True,
        ),
        PlannedStep(
            "settled", "収束を確かめる",
            "新しい批判が減り、報道や転載が落ち着いたことを確かめます。",
            Who.HEAD, "5(3)", deadline="flaming.settled",
        ),
        prevention("5(3)"),
    ),
)  # fmt: skip
