from typing import Any

import pytest

from lms.rules import glossary


def entry(name: str, html: str = "", *, name_en: str = "", also: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"id": name.lower(), "name": name, "name_en": name_en, "also": list(also), "html": html}


ENTRIES = [
    entry("TPPO", "<p>Tindak pidana <strong>perdagangan</strong> orang.</p>", name_en="Trafficking"),
    entry("Élan", "<p>Semangat.</p>"),
    entry("Tagana", "<p>Relawan.</p>", also=("Taruna Siaga Bencana",)),
    entry("24 jam", "<p>Sehari semalam.</p>"),
]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("", ["24 jam", "Élan", "Tagana", "TPPO"]),
        ("  ", ["24 jam", "Élan", "Tagana", "TPPO"]),
        ("elan", ["Élan"]),
        ("ÉLAN", ["Élan"]),
        ("e\u0301lan", ["Élan"]),
        ("tppo", ["TPPO"]),
        ("TRAFFICKING", ["TPPO"]),
        ("orang pidana", ["TPPO"]),
        ("siaga", ["Tagana"]),
        ("strong", []),
        ("tagana pidana", []),
    ],
)
def test_every_word_is_found_whatever_its_case_and_marks(wanted: str, names: list[str]) -> None:
    assert [each["name"] for each in glossary.matching(ENTRIES, wanted)] == names


def test_terms_stand_under_their_letters_without_marks() -> None:
    letters = glossary.by_letter(glossary.matching(ENTRIES, ""))
    assert {letter: [each["name"] for each in found] for letter, found in letters.items()} == {
        "#": ["24 jam"], "E": ["Élan"], "T": ["Tagana", "TPPO"],
    }  # fmt: skip
