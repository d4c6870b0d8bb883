"""A short list to begin with, so that the check says something on the first day. The PR division keeps it."""

import unicodedata

from django.db import migrations

WORDS = [
    ("障害者の方", "", "障害のある方", "「者」と「方」が重なります。人を先に書く言い方にします。", "hint"),
    ("身障者", "しんしょうしゃ", "身体に障害のある方", "略した言い方は、当事者を軽く見ていると受け取られることがあります。", "warning"),
    ("父兄", "", "保護者", "保護者は父と兄に限りません。", "warning"),
    ("父兄会", "ふけいかい", "保護者会", "保護者は父と兄に限りません。", "warning"),
    ("外人", "", "外国人、外国の方", "よその人という含みがあり、差別と受け取られることがあります。", "warning"),
    ("看護婦", "", "看護師", "法律上の名称は、性別を問わず看護師です。", "warning"),
    ("保母", "", "保育士", "法律上の名称は、性別を問わず保育士です。", "warning"),
    ("婦警", "", "警察官、女性警察官", "性別を示す必要があるか、確かめてください。", "warning"),
    ("痴呆", "", "認知症", "2004年から、公の用語は認知症です。", "error"),
    ("精神分裂病", "せいしんぶんれつびょう", "統合失調症", "2002年から、公の用語は統合失調症です。", "error"),
    ("片手落ち", "かたておち", "不公平、配慮に欠ける", "体の特徴になぞらえた言い方で、傷つく人がいます。", "warning"),
    ("つんぼ桟敷", "つんぼさじき", "蚊帳の外", "耳の聞こえない人をおとしめる言葉です。", "error"),
    ("めくら判", "めくらばん", "内容を確かめずに押印", "目の見えない人をおとしめる言葉です。", "error"),
    ("ブラインドタッチ", "", "タッチタイピング", "目の見えない人になぞらえた言い方です。", "hint"),
    ("部落民", "ぶらくみん", "", "同和問題について差別を助長するおそれがあります。", "error"),
    ("発展途上国", "", "開発途上国", "外務省の用語に合わせます。", "hint"),
    ("ホームレス", "", "路上生活をしている方、住まいのない方", "人を指すときは、状態を説明する言い方にします。", "hint"),
    ("入籍", "にゅうせき", "結婚、婚姻", "婚姻届では新しい戸籍が作られるため、正確ではありません。", "hint"),
    ("お求めやすい", "おもとめやすい", "お求めになりやすい、手に入れやすい", "敬語の形が正しくありません。", "hint"),
    ("とんでもございません", "", "とんでもないことでございます", "敬語の形が正しくありません。", "hint"),
    ("可及的速やかに", "かきゅうてきすみやかに", "できるだけ早く", "分かりにくい役所の言葉です。", "hint"),
    ("鋭意", "", "できるだけ、力を入れて", "何をするのか分かりません。具体的に書きます。", "hint"),
    ("遺漏なきよう", "いろうなきよう", "漏れのないように", "分かりにくい役所の言葉です。", "hint"),
    ("アジェンダ", "", "議題、課題", "分かりにくい外来語です。", "hint"),
    ("コンセンサス", "", "合意", "分かりにくい外来語です。", "hint"),
    ("スキーム", "", "仕組み、計画", "分かりにくい外来語です。", "hint"),
    ("エビデンス", "", "根拠、証拠", "分かりにくい外来語です。", "hint"),
    ("インバウンド", "", "海外からの旅行者", "分かりにくい外来語です。", "hint"),
    ("レガシー", "", "遺産、後に残るもの", "分かりにくい外来語です。", "hint"),
    ("コロナ禍", "", "新型コロナウイルス感染症の流行期", "読めない人がいます。", "hint"),
]  # fmt: skip
# As the model folds on the day of this migration.
TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
DASHES = dict.fromkeys(map(ord, "-‐‑‒–—―−ー"), "-")


def folded(word):
    return unicodedata.normalize("NFKC", word).casefold().translate(TO_HIRAGANA).translate(DASHES)


def begin(apps, schema_editor):
    ListedWord = apps.get_model("postings", "ListedWord")
    for word, reading, alternative, reason, level in WORDS:
        ListedWord.objects.get_or_create(
            folded=folded(word),
            defaults={
                "word": word, "reading": reading, "alternative": alternative, "reason": reason,
                "level": level,
            },
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("postings", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
