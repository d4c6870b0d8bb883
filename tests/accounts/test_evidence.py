"""Evidence: taken in by its content, kept as it is, seen by those who may see the account."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.evidence import content_of, keep, readable_name
from accounts.evidence_forms import EvidenceField
from accounts.models import Certification, Evidence
from staff.models import User
from tests import factories, html_checker
from tests.factories import PNG

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"
)
WEBP = b"RIFF\x16\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00" + bytes(10)
PDF_BODY = b"%PDF-1.7\n1 0 obj\nendobj\n"
PDF = PDF_BODY + b"xref\n0 1\ntrailer\nstartxref\n%d\n%%%%EOF\n" % len(PDF_BODY)
STREAM_PDF = PDF_BODY + b"2 0 obj <</Type /XRef>>\nstartxref\n%d\n%%%%EOF" % len(PDF_BODY)
KIND = Evidence.Kind


@pytest.fixture
def account(cast, evidence_folder):
    return factories.account(cast.tourism)


def stored_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def send(client, account, content=PNG, name="画面.png", shows="プロフィールの画面"):
    file = SimpleUploadedFile(name, content)
    return client.post(
        reverse("accounts:evidence", args=[account.pk]), {"shows": shows, "file": file}
    )


# --- Taking in ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, KIND.PNG),
        (JPEG, KIND.JPEG),
        (WEBP, KIND.WEBP),
        (PDF, KIND.PDF),
        (STREAM_PDF, KIND.PDF),
    ],
)
def test_a_file_is_kept_as_it_is_with_who_when_kind_size_and_sum(
    cast, client, account, evidence_folder, content, kind
):
    client.force_login(cast.officer)

    answer = send(client, account, content, "証拠.bin")

    made = Evidence.objects.get()
    assert answer.status_code == 302
    assert (made.kind, made.size, made.sha256, made.uploaded_by) == (
        kind, len(content), hashlib.sha256(content).hexdigest(), cast.officer,
    )  # fmt: skip
    [stored] = stored_in(evidence_folder)
    assert stored.read_bytes() == content == content_of(made)
    assert stored.stat().st_mode & 0o777 == 0o600
    assert "証拠" not in str(stored)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ファイルが空です。"),
        (b"<html><script>alert(1)</script></html>", "中身は、受け付けられる種類ではありません。"),
        (b"GIF89a" + bytes(20), "中身は、受け付けられる種類ではありません。"),
        (b"MZ" + bytes(60), "中身は、受け付けられる種類ではありません。"),
        (PNG + bytes(1024 * 1024), "1MBまで"),
    ],
)
def test_what_is_no_evidence_is_refused_in_words_and_the_rest_of_the_form_stays(
    cast, client, account, evidence_folder, settings, content, said
):
    settings.EVIDENCE_MAX_MB = 1
    client.force_login(cast.officer)

    page = send(client, account, content, "画面.png", shows="とても長い説明")

    assert page.status_code == 422
    assert said in page.content.decode()
    assert 'value="とても長い説明"' in page.content.decode()
    assert (Evidence.objects.count(), stored_in(evidence_folder)) == (0, [])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "PNG画像"),
        (PNG[:-1], "PNG画像"),
        (PNG + b"<script>", "PNG画像"),
        (PNG[:8] + PNG[33:], "PNG画像"),
        (PNG[:33] + PNG[-12:], "PNG画像"),
        (PNG.replace(b"IEND", b"IENd"), "PNG画像"),
        (b"\xff\xd8\xff MZ" + bytes(60), "JPEG画像"),
        (JPEG[:-2], "JPEG画像"),
        (JPEG.replace(b"\xff\xc0", b"\xff\xc4"), "JPEG画像"),
        (JPEG[:8] + b"<script>" + JPEG[8:], "JPEG画像"),
        (WEBP + b"<script>", "WebP画像"),
        (WEBP[:-2], "WebP画像"),
        (WEBP.replace(b"VP8 ", b"VP8<"), "WebP画像"),
        (WEBP.replace(b"VP8 \x0a", b"VP8 \x0b"), "WebP画像"),
        (b"%PDF-1.4 junk %%EOF", "PDF"),
        (b"%PDF-1.4 junk xref startxref 0 %%EOF", "PDF"),
        (PDF.replace(b"%%EOF", b""), "PDF"),
        (PDF.replace(b"xref\n0", b"xreg\n0"), "PDF"),
        (STREAM_PDF.replace(b"/XRef", b"/Xref"), "PDF"),
        (PDF + bytes(4096), "PDF"),
    ],
)
def test_what_only_begins_as_its_kind_is_refused_in_words(
    cast, client, account, evidence_folder, content, what
):
    client.force_login(cast.officer)

    page = send(client, account, content)

    said = (
        f"{what}が途中で切れているか、壊れています。もう一度保存し直したファイルを選んでください。"
    )
    assert (page.status_code, said in page.content.decode()) == (422, True)
    assert (Evidence.objects.count(), stored_in(evidence_folder)) == (0, [])


def test_a_file_of_exactly_the_limit_is_taken_in(cast, client, account, settings):
    settings.EVIDENCE_MAX_MB = 1
    client.force_login(cast.officer)
    room = 1024 * 1024 - len(PNG) - 12
    comment = room.to_bytes(4) + b"tEXt" + bytes(room + 4)

    assert send(client, account, PNG[:-12] + comment + PNG[-12:]).status_code == 302


@pytest.mark.parametrize(
    ("called", "kind", "name"),
    [
        ("画面.PNG", KIND.PNG, "画面.PNG"),
        ("写真.jpeg", KIND.JPEG, "写真.jpeg"),
        ("請求書.exe", KIND.PDF, "請求書.exe.pdf"),
        ("令和8.4.1の画面", KIND.PNG, "令和8.4.1の画面.png"),
        ("か\u3099めん.png", KIND.PNG, "がめん.png"),
        ("画\u202egnp.面\x00\r\n.png", KIND.PNG, "画gnp.面.png"),
        ("../../etc/passwd", KIND.PDF, "_.._etc_passwd.pdf"),
        ('"a";b|c?.png', KIND.PNG, "_a_;b_c_.png"),
        (" \u200b ", KIND.WEBP, "名前のないファイル.webp"),
        ("長" * 300 + ".png", KIND.PNG, "長" * 196 + ".png"),
    ],
)
def test_a_name_hides_nothing_and_bears_the_extension_of_its_content(called, kind, name):
    assert readable_name(called, kind) == name


def test_a_name_that_was_put_right_is_said(cast, client, account):
    client.force_login(cast.officer)

    page = client.get(send(client, account, PDF, "画面.png").url)

    assert "「画面.png.pdf」を登録しました。中身はPDFです。" in page.content.decode()


def test_the_same_file_sent_twice_is_kept_once(cast, client, account, evidence_folder):
    client.force_login(cast.officer)
    send(client, account)

    page = client.get(send(client, account).url)

    assert "すでに登録されています" in page.content.decode()
    assert (Evidence.objects.count(), len(stored_in(evidence_folder))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_not_committed_leaves_no_file(cast, account, evidence_folder):
    nobody = User(pk=999_999)

    # The database asks who it is only when it commits.
    with pytest.raises(IntegrityError):
        keep(account, SimpleUploadedFile("a.png", PNG), shows="画面", by=nobody)

    assert (Evidence.objects.count(), stored_in(evidence_folder)) == (0, [])


# --- Handing out -------------------------------------------------------------------------------


def test_a_file_is_handed_out_to_be_saved_and_never_shown(cast, client, account):
    made = factories.evidence(account, cast.officer, name="画面 1.png")
    client.force_login(cast.officer)

    answer = client.get(reverse("accounts:evidence_file", args=[account.pk, made.pk]))

    assert answer.content == PNG
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E7%94%BB%E9%9D%A2%201.png"
    )
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    policy = [directive.strip() for directive in answer["Content-Security-Policy"].split(";")]
    assert {"sandbox", "default-src 'none'"} <= set(policy)


def test_a_file_of_another_account_is_not_there(cast, client, account):
    other = factories.account(cast.safety)
    made = factories.evidence(other, cast.partner_officer)
    client.force_login(cast.officer)

    addresses = [(other.pk, made.pk), (account.pk, made.pk)]

    assert [
        client.get(reverse("accounts:evidence_file", args=args)).status_code for args in addresses
    ] == [404, 404]


@pytest.mark.parametrize("harm", ["altered", "longer", "gone"])
def test_a_file_that_is_not_what_was_taken_in_is_not_handed_out(
    cast, client, account, evidence_folder, harm
):
    made = factories.evidence(account, cast.officer)
    [stored] = stored_in(evidence_folder)
    damage(stored, harm)
    client.force_login(cast.officer)

    address = reverse("accounts:evidence_file", args=[account.pk, made.pk])
    page = client.get(address, follow=True)

    assert "を取り出せません。" in page.content.decode()


def damage(stored, harm):
    if harm == "gone":
        stored.unlink()
    else:
        stored.write_bytes(PNG + b"x" if harm == "longer" else PNG[:-1] + b"x")


def test_the_list_takes_as_many_queries_for_three_files_as_for_one(
    cast, client, account, django_assert_num_queries
):
    client.force_login(cast.officer)
    address = reverse("accounts:evidence", args=[account.pk])
    factories.evidence(account, cast.officer)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    factories.evidence(account, cast.colleague)
    factories.evidence(account, cast.head)

    with django_assert_num_queries(len(captured)):
        client.get(address)


def test_another_form_offers_the_accounts_own_files(cast, account):
    made = factories.evidence(account, cast.officer)
    other = factories.evidence(factories.account(cast.tourism), cast.officer)
    field = EvidenceField()
    field.offer(account)

    assert (field.clean(""), field.clean(str(made.pk))) == (None, made)
    for wrong in (str(other.pk), "9" * 30, "x"):
        with pytest.raises(ValidationError):
            field.clean(wrong)


def test_an_erased_file_is_named_as_such_and_not_linked_to(cast, client, account):
    made = factories.evidence(account, cast.officer)
    factories.link_check(account, way="hand", checked_by=cast.officer, evidence=made)
    Certification.objects.create(
        account=account, state="applied", state_since=timezone.now(), evidence=made,
        dated_on=timezone.localdate(),
    )  # fmt: skip
    client.force_login(cast.officer)
    link = reverse("accounts:evidence_file", args=[account.pk, made.pk])

    def told():
        pages = [
            client.get(reverse(f"accounts:{name}", args=[account.pk])).content.decode()
            for name in ("links", "certification")
        ]
        return [(link in page, "消去済み" in page) for page in pages]

    assert told() == [(True, False)] * 2
    Evidence.objects.update(erased_at=timezone.now())
    assert told() == [(False, True)] * 2


@pytest.mark.once
def test_the_pages_are_right_by_the_w3cs_checker(cast, client, account):
    client.force_login(cast.officer)
    address = reverse("accounts:evidence", args=[account.pk])
    pages = {"empty": client.get(address), "wrong": send(client, account, b"x", shows="")}
    erased = factories.evidence(account, cast.officer)
    Evidence.objects.filter(pk=erased.pk).update(erased_at=timezone.now())
    factories.evidence(account, cast.head)
    pages["files"] = client.get(address)

    assert html_checker.errors({name: p.content.decode() for name, p in pages.items()}) == []


# --- Verifying ---------------------------------------------------------------------------------


def test_verify_passes_where_every_file_is_what_was_taken_in(cast, account, capsys):
    factories.evidence(account, cast.officer)

    call_command("verify_evidence")

    assert capsys.readouterr().out == "good 1, wrong 0, without record 0\n"


@pytest.mark.parametrize(
    ("harm", "said"),
    [("altered", "登録されたときと違います"), ("longer", "登録されたときと違います"),
     ("gone", "ファイルがありません")],
)  # fmt: skip
def test_verify_names_what_differs_and_what_is_missing(
    cast, account, evidence_folder, capsys, harm, said
):
    made = factories.evidence(account, cast.officer)
    [stored] = stored_in(evidence_folder)
    factories.evidence(account, cast.officer)
    damage(stored, harm)

    with pytest.raises(SystemExit) as ended:
        call_command("verify_evidence")

    lines = capsys.readouterr().out.splitlines()
    assert ended.value.code == 1
    assert [f"{made.pk}番" in lines[0], said in lines[0]] == [True, True]
    assert lines[1:] == ["good 1, wrong 1, without record 0"]


def test_verify_names_files_without_a_row(cast, account, evidence_folder, capsys):
    factories.evidence(account, cast.officer)
    (evidence_folder / "left").write_bytes(b"x")

    call_command("verify_evidence")

    assert capsys.readouterr().out.splitlines() == [
        "記録のないファイル:left", "good 1, wrong 0, without record 1",
    ]  # fmt: skip
