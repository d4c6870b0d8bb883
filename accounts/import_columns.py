"""What `import_accounts` reads of a table, by the headings that the portal's own export writes."""

from __future__ import annotations

from accounts.ledger_columns import DECIDED, ENTRIES, ORIGIN
from shinshiro_sns.importing import Column

_WRITTEN_AS = {cell.name: cell for cell in (*DECIDED, *ENTRIES, ORIGIN)}
COLUMNS = (
    Column("service", ("種類", "サービス"), hint="Xなど。なければURLから読み取ります。"),
    Column("name", ("表示名", "名称")),
    Column("handle", ("アカウント名", "アカウント", "ID名"), hint="URLがあれば省けます。"),
    Column("url", ("URL", "リンク"), hint="プロフィールのページのURL。"),
    Column("department", ("管理する所属", "所属", "担当課", "所属コード"), hint="コードか名前。"),
    Column("department_code", ("所属コード",), hint="所属の名前より優先します。"),
    Column("purpose", ("目的", "情報発信の目的"), hint="備考に残します。"),
    Column("opened_on", ("開設日",), hint="例:2024-04-01、令和6年4月1日"),
    Column("status", ("状態",), hint=_WRITTEN_AS["status"].hint),
    Column("note", ("備考", "備考(庁内)")),
    Column("service_account_id", ("固有の番号",), hint="運営者が付けた番号。"),
    Column("category", ("分野",)),
    Column("registration_email", ("登録に使うメールアドレス",)),
    Column("registration_email_reason", ("市のドメインを使わない理由",)),
    Column("shared", ("共同利用",), hint="共同で利用するなら「はい」。"),
    Column("shared_theme", ("共通するテーマ",)),
    Column("shared_reason", ("共同利用の理由",)),
    Column("partners", ("共同で利用する所属コード",), hint="複数なら「、」で区切ります。"),
    *(
        Column(cell.name, (cell.heading,), hint=cell.hint)
        for cell in _WRITTEN_AS.values()
        if cell.name != "status"
    ),
)  # fmt: skip
