"""乗っ取り: somebody else uses the city's account. Contain first, then tell."""

from incidents.kinds.plan import Kind, PlannedStep, Who, prevention

HIJACK = Kind(
    "hijack", "乗っ取り", "5",
    "市のアカウントそのものに、他人がログインしているとき、またはそのおそれがあるとき。覚えのない投稿、覚えのないログインの知らせ、パスワードが通らないときなど。",
    "先に閉め出します。調べるのは、その後です。ログインできないときは、すぐに広報主管課へ電話し、運営者への連絡を先にします。",
    (
        PlannedStep(
            "sessions", "ログイン中の端末をすべて切る",
            "設定の「ログイン中の端末」「セッション」から、すべてログアウトさせます。ログインできないときは、そのことを書いて省略し、運営者に連絡します。",
            Who.OFFICER, "5", deadline="hijack.contain", evidence="ログイン履歴の画面",
        ),
        PlannedStep(
            "password", "パスワードを変える",
            "ほかで使っていないパスワードに変えます。登録しているメールのパスワードも変えます。パスワードは、ここには書きません。",
            Who.OFFICER, "3(7)", deadline="hijack.contain",
        ),
        PlannedStep(
            "two_factor", "二要素認証を設定し直す",
            "二要素認証を設定し直し、回復用のコードを作り直します。知らない電話番号やメールが登録されていないか確かめます。",
            Who.OFFICER, "3(7)", deadline="hijack.contain",
        ),
        PlannedStep(
            "apps", "連携アプリを解除する",
            "連携しているアプリをすべて見て、覚えのないもの、使っていないものを解除します。",
            Who.OFFICER, "3(7)", deadline="hijack.secure",
        ),
        PlannedStep(
            "posts", "不正な投稿を削除する",
            "画面を保存してから、身に覚えのない投稿・メッセージ・広告を削除します。プロフィールとリンクも元に戻します。",
            Who.OFFICER, "5", deadline="hijack.secure", evidence="不正な投稿の画面(削除する前)",
        ),
        PlannedStep(
            "operator", "運営者に連絡する",
            "運営者に乗っ取られたことを連絡し、受付番号と日時を記録します。自分で取り返せたときも連絡します。",
            Who.OFFICER, "5", deadline="hijack.secure", evidence="受付の画面やメール",
        ),
        PlannedStep(
            "warn", "注意を呼びかける",
            "市のサイトで、いつからいつまでの投稿が市のものではないか、開いてはいけないリンクを知らせます。取り返した後は、アカウントでも知らせます。",
            Who.PR, "5(2)", deadline="hijack.warn", text="hijack.warning",
        ),
        PlannedStep(
            "resume", "再開を決める",
            "閉め出しが終わり、安全に使えることを所属の長が確かめ、運用の再開を決めます。",
            Who.HEAD, "6(1)",
        ),
        prevention(),
    ),
)  # fmt: skip
