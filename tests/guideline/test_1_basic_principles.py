"""Clause 1: the guideline itself is stored, versioned, public, and cited where it is carried out."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.test import Client

from policies.guideline import GuidelineVersion, clauses, wording
from policies.items import SECTIONS
from shinshiro_sns.templatetags.portal import clause_anchor

# The city's own text is data to load, no part of the project.
CITYS_TEXT = Path(__file__).resolve().parents[3] / "shared" / "guideline.ja.txt"
NUMBERS = [
    "1", "2", "3", "3(1)", "3(2)", "3(3)", "3(3)ア", "3(3)イ", "3(3)ウ", "3(3)エ", "3(3)オ",
    "3(4)", "3(5)", "3(6)", "3(7)", "4", "4(1)", "4(2)", "4(2)ア", "4(2)イ", "4(2)ウ", "4(2)エ",
    "4(3)", "4(4)", "5", "5(1)", "5(2)", "5(3)", "6", "6(1)", "6(2)",
    "7", "7※1", "7※2", "7※3", "7※4", "7※5", "附則",
]  # fmt: skip


@pytest.fixture
def citys_text() -> str:
    """The city's own guideline, where it lies beside the project."""
    if not CITYS_TEXT.exists():
        pytest.skip("The city's own text (shared/guideline.ja.txt) is not beside the project.")
    return CITYS_TEXT.read_text(encoding="utf-8")


def test_every_clause_of_the_citys_own_text_is_read(citys_text: str) -> None:
    assert [clause.number for clause in clauses(citys_text) if clause.number] == NUMBERS


def test_the_citys_words_are_not_altered(citys_text: str) -> None:
    found = list(clauses(citys_text))

    assert [clause.text for clause in found if clause.text not in citys_text] == []
    assert wording(found, "3(3)ウ") == "ソーシャルメディアによる情報発信の目的及び内容"
    assert wording(found, "5(1)").startswith("書き込み等に誤りがあった場合は、")
    assert wording(found, "1").startswith(
        "このガイドラインは、本市が本市の市政情報の発信等のために"
    )


def test_every_section_of_the_form_cites_clauses_that_the_city_wrote(citys_text: str) -> None:
    cited = {clause for section in SECTIONS for clause in section.clause.split()}

    assert sorted(cited - {clause.number for clause in clauses(citys_text)}) == []


def test_every_clause_has_a_place_of_its_own_on_the_page() -> None:
    anchors = [clause.anchor for clause in clauses("\n".join(_as_written()))]

    assert "" not in anchors
    assert len(set(anchors)) == len(NUMBERS)


def _as_written() -> list[str]:
    lines = []
    for number in NUMBERS:
        last = number.rpartition("(")[2]
        if number == "附則":
            lines.append(number)
        elif "※" in number:
            lines.append(f"※{number.partition('※')[2]} 語")
        elif number[-1] in "アイウエオ":
            lines.append(f"{number[-1]} 文")
        elif "(" in number:
            lines.append(f"({last} 文")
        else:
            lines.append(f"{number}.題")
    return lines


@pytest.mark.parametrize(
    "text",
    [
        "1.目的\n3.数字が続かない行\n2.定義\n(1)文\nア 文\n",
        "\uff11\uff0e目的\n\uff12\u3000定義\n\uff08\uff11\uff09文\nア\u3000文\n",
        "1 目的\n2 定義\n⑴ 文\nア、文\n",
        "1、目的\n\n2、定義\n (1) 文\n  ア 文\n",
    ],
)
def test_numbers_are_read_in_every_width(text: str) -> None:
    found = [clause.number for clause in clauses(text) if clause.number]

    assert found == ["1", "2", "2(1)", "2(1)ア"]


def test_years_amounts_and_amendments_are_no_clauses() -> None:
    text = "1.目的\n2019年からの決まり\n3.5倍\n12.5%\n附則\n1 施行する。\n附 則(令和元年)\n2 改める。\n"

    assert [clause.number for clause in clauses(text) if clause.number] == ["1", "附則"]


def test_the_public_reads_it_and_pages_lead_to_the_clause_they_carry_out(
    client: Client, db: None
) -> None:
    GuidelineVersion.objects.create(
        title="例", text="1.目的\n2.定義\n3.運用\n(6)一覧を載せる。\n",
        effective_from=datetime.date(2013, 4, 17),
    )  # fmt: skip

    assert 'href="/guideline/#c3-6"' in client.get("/").content.decode()
    assert f'id="{clause_anchor("3(6)")}"' in client.get("/guideline/").content.decode()
