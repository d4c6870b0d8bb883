"""その他: harm of another kind; few steps, and what was done is written into them."""

from incidents.kinds.plan import Kind, PlannedStep, Who, prevention

OTHER = Kind(
    "other", "その他の被害", "5",
    "どれにも当てはまらないとき、または、まだ分からないとき。分かったら、所属の長か広報主管課が種類を改めます。",
    "一人で抱えず、広報主管課に電話してください。",
    (
        PlannedStep(
            "confirm", "事実を確かめる",
            "何が起きているかを確かめ、画面や記録を保存します。",
            Who.OFFICER, "5", deadline="other.confirm", evidence="起きていることが分かる画面",
        ),
        PlannedStep(
            "decide", "どう対応するか決める",
            "所属の長が、広報主管課と相談して対応を決めます。",
            Who.HEAD, "5", deadline="other.decide",
        ),
        PlannedStep(
            "act", "決めた対応を行う",
            "決めた対応を行い、何をしたかを書きます。投稿したときはURLを書きます。",
            Who.OFFICER, "5", text="other.statement",
        ),
        prevention(),
    ),
    elsewhere=True,
)  # fmt: skip
