"""The check in the reader's own browser: it says what the portal says, and nothing typed leaves it."""

from __future__ import annotations

import ast
import datetime
import json
import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_plus

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Account
from policies.models import OperatingPolicy
from publication.checking import current
from publication.checking.judging import judge
from publication.checking.reading import TooMuch
from tests import factories
from tests.browser.conftest import Visit
from tests.conftest import Cast
from tests.lookalikes.known import cases, document, known

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TESTS = Path(__file__).resolve().parents[1]
SECRET = "https://x.com/tsukude_k0gen_himitsu"


@pytest.fixture
def city(transactional_db: None, cast: Cast) -> Account:
    """One official account and one that is closed."""
    current.forget()
    made = []
    for handle, name in (("tsukude_kogen", "作手高原"), ("noda_castle", "野田城だより")):
        account = factories.account(cast.tourism, handle, "instagram", name=name)
        factories.policy(
            account, cast.officer, OperatingPolicy.State.IN_FORCE, head=cast.head,
            receiver=cast.pr_officer,
        )  # fmt: skip
        made.append(Account.objects.get(pk=account.pk))
    factories.stood(made[1], "close", cast.head, successor=made[0])
    return made[0]


def ask(page: Page, text: str) -> None:
    page.get_by_label("確かめたいもの").fill(text)
    page.get_by_role("button", name="確かめる").click()


def heading(page: Page) -> str:
    return page.locator(".answer__title").inner_text()


# --- The same answers ----------------------------------------------------------------------------


def literals() -> list[str]:
    """Every text that the tests of profiles speak of: spellings, and what is refused."""
    found = []
    for name in ("test_profiles", "test_profiles_refused", "test_profiles_properties"):
        tree = ast.parse((TESTS / f"accounts/{name}.py").read_text(encoding="utf-8"))
        found += [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
    return found


def is_known_to_both(text: str) -> bool:
    """Whether Python's Unicode has every sign; browsers are ahead of it, and lone halves are none."""
    return all(
        unicodedata.category(sign) not in ("Cn", "Cs")
        and all(unicodedata.category(part) != "Cn" for part in unicodedata.normalize("NFKC", sign))
        and not "\U0001ccd6" <= sign <= "\U0001e0ff"
        for sign in text
    )


def texts() -> list[str]:
    """Everything of the evaluation, every spelling the project knows, and texts made of their parts."""
    named = [row["text"] for name in ("lookalikes", "strangers", "held_out") for row in cases(name)]
    for account in known().accounts.values():
        named += [account.url, account.url.upper(), account.handle, account.name]
    named = [text for text in named if text]
    spelled = literals()
    dice = random.Random(5)
    parts = (
        named + spelled + list("@/:.?#%_-0o1lrnあア新城市\u200b\n 　。「") + ["LINE:", "TikTokの"]
    )
    made = ["".join(dice.choices(parts, k=dice.randint(1, 4))) for _ in range(700)]
    for text in dice.choices(named, k=500):
        at = dice.randrange(len(text))
        kept = text[at + dice.randint(0, 1) :]
        made.append(text[:at] + dice.choice("abo01_.-@ /あ\u200b") + kept)
    made += ["".join(chr(dice.randrange(0x20, 0x3100)) for _ in range(12)) for _ in range(300)]
    return [each for each in named + spelled + made if each.strip() and is_known_to_both(each)]


def by_the_portal(text: str) -> dict[str, Any]:
    try:
        answer = judge(text, known())
    except TooMuch as error:
        return {"code": str(error)}
    return {
        "verdict": answer.verdict,
        "findings": [
            {
                "text": found.text, "verdict": found.verdict, "accounts": list(found.accounts),
                "said": [{"code": each.code, **each.words} for each in found.said],
                "fakes": [fake.identity for fake in found.fakes],
            }
            for found in answer.findings
        ],
    }  # fmt: skip


BY_THE_BROWSER = """([document, texts]) => {
  const register = checkRegister.registerOf(document);
  return texts.map((text) => {
    try {
      const answer = checkJudging.judge(text, register);
      for (const each of answer.findings) each.fakes = each.fakes.map((fake) => fake.identity);
      return answer;
    } catch (error) {
      if (error instanceof checkReading.TooMuch) return { code: error.code };
      return { error: String(error.stack) };
    }
  });
}"""


@pytest.mark.once
def test_the_browser_says_of_everything_what_the_portal_says(visit: Visit, city: Account) -> None:
    page = visit()
    page.goto("/check/")
    asked = texts()
    assert len(asked) > 2500

    answers = page.evaluate(BY_THE_BROWSER, [document(), asked])

    different = [
        f"{text!r}: {said} instead of {expected}"
        for text, said in zip(asked, answers, strict=True)
        if said != (expected := by_the_portal(text))
    ]
    assert different == [], "\n".join(different[:5])


# --- The citizen's secret ------------------------------------------------------------------------


def test_no_request_carries_what_was_typed(visit: Visit, city: Account) -> None:
    page = visit()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.goto("/check/")
    page.get_by_text("この端末の中だけで確かめます").wait_for()

    ask(page, SECRET)
    assert heading(page) == "公式とまぎらわしいものです"
    page.keyboard.press("Tab")
    page.get_by_label("確かめたいもの").fill(f"@tsukude_kogen と {SECRET}")
    page.get_by_label("確かめたいもの").press("Enter")
    page.locator(".finding").nth(1).wait_for()
    page.get_by_role("link", name="Instagramの「作手高原」").first.click()
    page.wait_for_url("**/accounts/**")

    assert len(sent) > 5
    assert [each for each in sent if "himitsu" in unquote_plus(each)] == []
    assert page.context.cookies() == []
    assert page.evaluate("document.referrer") == ""
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_pasted_message_is_judged_at_once(visit: Visit, city: Account) -> None:
    page = visit()
    page.goto("/check/")
    page.get_by_text("この端末の中だけで確かめます").wait_for()

    page.get_by_label("確かめたいもの").focus()
    page.evaluate(
        """(text) => {
          document.activeElement.value = text;
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
        }""",
        "新城市からです https://www.instagram.com/tsukude_kogen/ をご覧ください",
    )

    page.locator(".answer--success").wait_for()
    assert heading(page) == "新城市の公式です"
    assert page.locator(".answer__moment").inner_text().endswith("現在の一覧で確かめました。")


def test_without_a_script_the_portal_answers_and_says_that_it_was_asked(
    visit: Visit, city: Account
) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="これは本物?").first.click()

    assert page.get_by_text("市のサーバーへ送られます").is_visible()
    ask(page, "@noda_castle")

    assert "q=%40noda_castle" in page.url
    assert heading(page) == "今は新城市の公式ではありません"
    page.get_by_role("link", name="「作手高原」").click()
    assert page.url.endswith(city.get_absolute_url())


def test_the_page_says_the_same_with_and_without_a_script(visit: Visit, city: Account) -> None:
    with_script, without = visit(), visit(java_script_enabled=False)
    for language in ("", "/en"):
        for text in (
            "@tsukude_kogen", "作手高原", "@tsukude_k0gen", "@noda_castle", "@toyohashi_city", "a@example.com",
            "https://x.com/tsukude_kogen/status/1", "@tsukude_kogen https://bit.ly/abc",
            "@toyohashi_city https://bit.ly/abc", "お知らせです。\n申請を始めます。",
        ):  # fmt: skip
            with_script.goto(f"{language}/check/")
            with_script.locator(".check__secret--local").wait_for()
            with_script.locator("[name=q]").fill(text)
            with_script.locator("[name=q]").press("Enter")
            with_script.locator(".answer").wait_for()
            without.goto(f"{language}/check/?q={quote(text)}")

            answers = [page.locator(".answer").inner_text() for page in (with_script, without)]
            shown = [re.sub(r"\s+", " ", re.sub(r"\d\d:\d\d", "", each)) for each in answers]
            assert shown[0] == shown[1], text
            links = [
                page.locator(".answer a").evaluate_all("all => all.map(each => each.href)")
                for page in (with_script, without)
            ]
            assert links[0] == links[1], text


def test_a_message_that_is_too_long_is_not_judged_by_its_beginning_and_not_lost(
    visit: Visit, city: Account
) -> None:
    page = visit()
    page.goto("/check/")
    page.locator(".check__secret--local").wait_for()
    text = f"@tsukude_kogen {'あ' * 2000} https://x.com/tsukude_k0gen"

    page.get_by_label("確かめたいもの").focus()
    page.keyboard.insert_text(text)
    page.get_by_role("button", name="確かめる").click()

    assert page.get_by_text("文字が多すぎます(2,000文字まで)").is_visible()
    assert page.get_by_label("確かめたいもの").input_value() == text
    assert page.locator(".answer").count() == 0


HOSTILE_IN_A_SCRIPT = """async () => {
  const register = checkRegister.registerOf(await (await fetch("/check/index.json")).json());
  const texts = {
    megabyte: "あ".repeat(1e6), "megabyte of @": "@".repeat(1e6),
    "megabyte of an address": `https://x.com/${"a".repeat(1e6)}`,
    controls: Array.from({ length: 1900 }, (_, at) => String.fromCharCode(at % 32)).join(""),
    "half a sign": "\ud83d".repeat(1500), "half a sign in a handle": "@tsukude\udfff_kogen",
    "right to left": "\u202e@tsukude_kogem\u202c", unseen: "\u200d".repeat(2000),
    marks: `a${"\u0301".repeat(1900)}`, SQL: "'; DROP TABLE accounts;--",
    HTML: "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a thousand handles": Array.from({ length: 1000 }, (_, at) => `@user${at}`).join(" "),
    token: "a".repeat(2000), digits: "1".repeat(2000), dots: "a.".repeat(1000),
    marked: "@a".repeat(1000), slashes: "/".repeat(2000), schemes: "https://".repeat(240),
    punycode: `https://${"xn--a.".repeat(300)}com`, escapes: `https://x.com/${"%E3".repeat(600)}`,
    "long handles": Array.from({ length: 50 }, (_, at) => `@tsukubekigenabcdefghijkl${at}`).join(" "),
  };
  return Object.entries(texts).map(([name, text]) => {
    const began = performance.now();
    try {
      return [name, checkJudging.judge(text, register).verdict, performance.now() - began];
    } catch (error) {
      if (!(error instanceof checkReading.TooMuch)) throw error;
      return [name, error.code, performance.now() - began];
    }
  });
}"""


@pytest.mark.once
def test_no_text_makes_the_page_stand_still(visit: Visit, city: Account) -> None:
    page = visit()
    page.goto("/check/")

    found = page.evaluate(HOSTILE_IN_A_SCRIPT)

    assert len(found) > 20
    # A few thousandths each here; a telephone is slower, and so is a machine with other work.
    assert [each for each in found if each[2] > 3000] == []
    allowed = ("unknown", "similar", "too_long", "too_many")
    assert [each for each in found if each[1] not in allowed] == []


# --- Nothing to go by ----------------------------------------------------------------------------


def old_index(**change: datetime.timedelta) -> str:
    made = timezone.localtime()
    return json.dumps({
        **document(),
        "generated_at": (made + change.get("made", datetime.timedelta())).isoformat(),
        "expires_at": (made + change.get("ends", datetime.timedelta(hours=1))).isoformat(),
    })  # fmt: skip


@pytest.mark.parametrize(
    "index",
    [
        old_index(made=-datetime.timedelta(days=2), ends=-datetime.timedelta(seconds=1)),
        old_index(made=datetime.timedelta(hours=1), ends=datetime.timedelta(hours=2)),
        "{}",
        "<!doctype html>",
        json.dumps({**document(), "format": 2}),
        "",
    ],
    ids=["expired", "of tomorrow", "empty", "a page", "another format", "not loaded"],
)
def test_without_a_fresh_index_it_confirms_nothing(visit: Visit, city: Account, index: str) -> None:
    page = visit()
    page.route(
        "**/check/index.json",
        lambda route: (
            route.fulfill(body=index, content_type="application/json") if index else route.abort()
        ),
    )
    page.goto("/check/")

    for text in ("https://x.com/shinshiro_city", "https://x.com/toyohashi_city"):
        ask(page, text)
        page.locator(".answer--warning").wait_for()
        assert heading(page) == "確認できません"
        assert page.locator(".finding").count() == 0


# --- For everybody -------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("width", [360, 1440])
def test_it_is_accessible_and_fits(
    visit: Visit, axe: Callable[[Page], None], city: Account, width: int
) -> None:
    page = visit(width=width)
    for address, button, field in (
        ("/check/", "確かめる", "確かめたいもの"), ("/en/check/", "Check", "What to check"),
    ):  # fmt: skip
        page.goto(address)
        axe(page)
        for text in ("@tsukude_kogen @noda_castle @tsukude_k0gen\n" + "長" * 70, "x" * 150, " "):
            page.get_by_label(field).fill(text)
            page.get_by_role("button", name=button).click()
            page.locator(".answer, [data-error]:not([hidden])").first.wait_for()
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, text
    for address in ("/check/?q=@tsukude_k0gen", "/en/check/?q=@tsukude_k0gen", "/check/?q="):
        page.goto(address)
        axe(page)


def test_the_answer_takes_the_focus_and_an_empty_question_gives_it_back(
    visit: Visit, city: Account
) -> None:
    page = visit()
    page.goto("/check/")

    ask(page, "@tsukude_kogen")
    page.locator(".answer").wait_for()
    assert page.evaluate("document.activeElement.matches('[data-answer]')")
    ask(page, " ")

    assert page.get_by_text(
        "＊アカウント名、URL、届いた文章のどれかを入力してください。"
    ).is_visible()
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.locator(".answer").count() == 0
