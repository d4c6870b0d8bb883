"""Texts for what fakes bring: the notice that names one, the English letter, and taking it back."""

from django.db import migrations

TEXTS = [
    ("impersonation.site", "市のサイトでの注意喚起(アカウント名を示す)", 0,
     "{サービス}のアカウント「{偽のアカウント}」は、{市}のアカウントではありません。{市}をかたる偽のアカウントです。\n\n"
     "・フォローや返信をしないでください。\n・届いたメッセージのURLを開かないでください。\n"
     "・名前、電話番号、口座などを教えないでください。\n\n"
     "{市}の公式アカウントは、次のページで確かめられます。\n{一覧のページ}\n\n"
     "お金や個人情報を渡してしまったときは、警察(#9110)に相談してください。\n"
     "お問い合わせ\n{所属} 電話{電話番号}"),
    ("impersonation.takedown_english", "運営者への削除依頼(英文)", 1,
     "To whom it may concern,\n\n"
     "An account on your service impersonates our city. We ask you to remove it without delay. It uses our "
     "name and may mislead citizens into giving away money or personal information.\n\n"
     "Genuine account: {アカウントのURL}\nPage on which the city lists its official accounts: {一覧のページ}\n\n"
     "The city has neither opened nor allowed this account. Please tell us the result, and the reference "
     "number of this request.\nTelephone (Japan): {電話番号}"),
    ("impersonation.withdrawal", "公表の取下げとお詫び", 1,
     "{市}は、このページで、あるアカウントを{市}の「なりすまし」とお知らせしましたが、誤りでした。\n"
     "そのアカウントは、{市}をかたるものではありません。\n\n"
     "アカウントの持ち主と、お知らせをご覧になった皆さまに、お詫びします。\n"
     "同じことがないよう、確かめ方を見直します。\n\nお問い合わせ\n{所属} 電話{電話番号}"),
]  # fmt: skip


def begin(apps, schema_editor):
    IncidentText = apps.get_model("incidents", "IncidentText")
    Historical = apps.get_model("incidents", "HistoricalIncidentText")
    for key, title, order, body in TEXTS:
        text, is_new = IncidentText.objects.get_or_create(
            key=key, title=title, defaults={"body": body, "order": order}
        )
        # Somebody's own text of that name stays as it is.
        if is_new:
            Historical.objects.create(
                id=text.pk, key=key, title=title, body=body, order=order, is_active=True,
                created_at=text.created_at, history_date=text.created_at, history_type="+",
            )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_fakes_and_reports")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
