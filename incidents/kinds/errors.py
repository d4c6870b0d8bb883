"""誤記, 5(1): what was posted is wrong. Corrected or apologised for, sincerely and promptly."""

from incidents.kinds.plan import Kind, PlannedStep, Who, prevention

ERROR = Kind(
    "error", "誤記", "5(1)",
    "市のアカウントの投稿に、日時・場所・数字・名前などの誤りがあったとき。批判が殺到しているときは「炎上」、"
    "他人の個人情報を載せてしまったときは「個人情報の漏えい」を選びます。",
    "まず、正しい内容を確かめます。確かめる前に元の投稿を消すと、何が誤っていたか分からなくなります。画面を保存してから進めます。",
    (
        PlannedStep(
            "confirm", "事実を確かめる",
            "どの投稿の、どこが、どう誤っていたかを、元の資料に当たって確かめます。投稿の画面を保存します。",
            Who.OFFICER, "5(1)", deadline="error.confirm",
            evidence="誤りのある投稿の画面(URLと日時が分かるもの)",
        ),
        PlannedStep(
            "correct", "訂正・謝罪を投稿する",
            "正しい内容と、何が誤っていたかを投稿します。迷惑をかけたときは謝罪します。言い訳や、個人の考えは書きません。",
            Who.OFFICER, "5(1)", deadline="error.correct", evidence="訂正した投稿の画面",
            text="error.correction", posts=True,
        ),
        PlannedStep(
            "original", "元の投稿の扱いを決める",
            "残して訂正を付けるか、削除するかを決めます。削除するときは、削除したことも投稿します。残しても害がないときは、省略できます。",
            Who.OFFICER, "5(1)", required=False, posts=True,
        ),
        PlannedStep(
            "site", "市のサイトでの周知が要るか決める",
            "市民の手続きや安全に関わる誤りは、市のサイトでも周知します。要らないと決めたときは、その理由を書いて省略します。",
            Who.HEAD, "5(1)", deadline="site", text="error.site",
        ),
        prevention("5(1)"),
    ),
    learnt_hint="なぜ誤りが起きたか、投稿の前の確認をどう変えるかを書きます。",
)  # fmt: skip
