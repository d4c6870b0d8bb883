"""The register as a table, under the headings that `import_accounts` knows."""

from __future__ import annotations

from import_export.fields import Field

from accounts.models import Account
from shinshiro_sns.table_admin import TableResource


class AccountTable(TableResource):
    """One row per account."""

    number = Field("pk", "番号")
    service = Field("service_info__name", "種類")
    name = Field("name", "表示名")
    handle = Field("handle", "アカウント名")
    url = Field("url", "URL")
    department = Field("department__name", "管理する所属")
    opened_on = Field("opened_on", "開設日")
    official_since = Field("official_since", "公式となった日")
    status = Field("get_status_display", "状態")
    note = Field("note", "備考")

    class Meta:
        model = Account
        fields = (
            "number", "service", "name", "handle", "url", "department", "opened_on",
            "official_since", "status", "note",
        )  # fmt: skip
        export_order = fields

    def dehydrate_opened_on(self, account: Account) -> str:
        """An ISO date."""
        return account.opened_on.isoformat() if account.opened_on else ""

    def dehydrate_official_since(self, account: Account) -> str:
        """An ISO date."""
        return account.official_since.isoformat() if account.official_since else ""
