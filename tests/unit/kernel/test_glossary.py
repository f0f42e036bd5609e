from lms.kernel import glossary
from lms.kernel.glossary import Term

BODY = """Pengantar.

## TPPO {#tppo also="perdagangan orang; human trafficking" en="Trafficking"}

Tindak pidana
perdagangan orang.

## Akses {#akses .umum}

Tahap awal.
"""


def test_a_heading_is_a_term_and_the_text_below_explains_it() -> None:
    terms, intro, problems = glossary.parse(BODY, 9)
    assert intro == "Pengantar."
    assert problems == []
    assert terms == [
        Term("tppo", 11, "TPPO", "Tindak pidana\nperdagangan orang.", "Trafficking",
             ("perdagangan orang", "human trafficking")),
        Term("akses", 16, "Akses", "Tahap awal.", is_everyday=True),
    ]  # fmt: skip
    assert terms[0].forms == ("TPPO", "perdagangan orang", "human trafficking")


def test_forms_that_differ_in_capitals_only_are_one_name() -> None:
    terms, _, _ = glossary.parse('## PAS {#pas also="Pemerlu Atensi; pemerlu atensi; pas"}\n\nKelompok.\n', 1)
    assert terms[0].forms == ("PAS", "Pemerlu Atensi", "pemerlu atensi", "pas")
    assert terms[0].other_names == ("Pemerlu Atensi",)


def test_what_is_missing_is_said_with_its_line() -> None:
    _, _, problems = glossary.parse("## TPPO\n\n## Akses {#akses}\n\nTahap.\n", 5)
    assert [(problem.line, problem.code) for problem in problems] == [(5, "term_without_id"), (5, "term_without_text")]
