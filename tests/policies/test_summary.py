"""What a filing says, row by row: the same on desk, in the admin and in public."""

from policies import summary
from tests import factories

ALWAYS = {
    "account": [
        ("ア", "ソーシャルメディアの種類", "X（旧Twitter）"),
        ("イ", "表示名", "観光課の公式アカウント"),
        ("イ", "アカウント名", "@example_kanko"),
        ("イ", "URL", "https://x.com/example_kanko"),
        ("イ", "分野", "観光・イベント"),
    ],
    "people": [
        ("イ", "アカウント利用者", "観光 担当"),
        ("イ", "アカウント管理者", "観光 担当"),
    ],
    "shared": [("", "共同利用", "しない")],
    "registration": [("", "登録に使うメールアドレス", "kanko@city.shinshiro.lg.jp")],
    "purpose": [
        ("ウ", "情報発信の目的", "市内の催しを広く知らせるため"),
        ("ウ", "発信する内容", "催しの案内、開花の状況"),
    ],
    "operation": [
        ("エ", "運用時間", "月〜金 8:30〜17:15(祝日・年末年始を除く)"),
        ("エ", "意見や質問への返信", "個別には返信しない"),
        ("エ", "意見や質問への対応方法", "お問い合わせは電話で受け付けます。"),
        ("エ", "発信の記録を残すとき", "運用時間の外に発信したとき"),
        ("エ", "発信前の承認", "受けない"),
    ],
    "personal": [("オ", "個人情報の取扱い", "個人情報は投稿しません。")],
}


def said(policy):
    return {
        part.section.key: [(row.letter, row.label, row.value) for row in part.rows]
        for part in summary.parts(policy)
    }


def test_a_filing_says_every_item_once_in_the_readers_order(cast):
    policy = factories.draft(factories.account(cast.tourism, "example_kanko"), cast.officer)

    assert said(policy) == ALWAYS
    assert list(said(policy)) == list(ALWAYS)


def test_what_only_some_accounts_have_is_said_where_they_have_it(cast):
    policy = factories.draft(
        factories.account(cast.tourism, "example_kanko"), cast.officer, (cast.safety,),
        service_account_id="42", registration_email="kanko@example.com",
        registration_email_reason="サービスが市のドメインを受け付けないため",
    )  # fmt: skip

    assert said(policy) == ALWAYS | {
        "account": [
            *ALWAYS["account"][:4],
            ("イ", "運営者が付けた固有の番号", "42"),
            *ALWAYS["account"][4:],
        ],
        "shared": [
            ("", "共同利用", "する"),
            ("", "共通するテーマ", "催しの案内"),
            ("", "利用者の便宜のために必要な理由", "発信元を一つにすると探しやすいため"),
            ("", "共同で利用する所属", "防災課"),
        ],
        "registration": [
            ("", "登録に使うメールアドレス", "kanko@example.com"),
            ("", "市のドメインを使わない理由", "サービスが市のドメインを受け付けないため"),
        ],
    }


def test_an_empty_row_says_that_something_is_to_be_entered(cast):
    policy = factories.draft(factories.account(cast.tourism), cast.officer, purpose="")

    rows = {row.field: row.missing for part in summary.parts(policy) for row in part.rows}

    assert {field for field, missing in rows.items() if missing} == {"purpose"}
    assert rows["purpose"] == "未入力"
