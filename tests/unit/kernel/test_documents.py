from typing import Any

import pytest

from lms.kernel import documents, errors
from lms.kernel.documents import DocumentKind

LESSON = """---
id: mrs-4-2
kind: lesson
title: Lihat, dengar, hubungkan
position: 2
minutes: 30
objectives: [menenangkan]
problems: [KBA]
valid_as_of: 2026-01-31
reviewed_by:
---

Isi.
"""


def codes(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in documents.parse(text)[1]]


def test_a_good_document() -> None:
    document, problems = documents.parse(LESSON)
    assert problems == []
    assert document is not None
    assert (document.id, document.kind, document.body_line) == ("mrs-4-2", DocumentKind.LESSON, 12)
    assert document.body == "\nIsi.\n"
    assert "reviewed_by" not in document.meta


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("---\nid", "id", [(1, "front_missing")]),
        ("kind: lesson", "kind: cerita", [(3, "kind_unknown")]),
        ("kind: lesson\n", "", [(1, "kind_unknown")]),
        ("minutes: 30", "minutes: lama", [(6, "value_number")]),
        ("minutes: 30", "minutes: true", [(6, "value_number")]),
        ("minutes: 30", "minutes: -1", [(6, "value_number")]),
        ("minutes: 30\n", "", [(1, "key_missing")]),
        ("id: mrs-4-2", "id: MRS 4", [(2, "value_id")]),
        ("problems: [KBA]", "problems: [XYZ]", [(8, "value_choice")]),
        ("problems: [KBA]", "problems: KBA", [(8, "value_list")]),
        ("valid_as_of: 2026-01-31", "valid_as_of: kemarin", [(9, "value_day")]),
        ("valid_as_of: 2026-01-31", "valid_as_of: 2026-13-45", [(9, "value_day")]),
        ("valid_as_of: 2026-01-31", "valid_as_of: !!timestamp besok", [(9, "front_unreadable")]),
        ("minutes: 30", "minutes: !!int x", [(6, "front_unreadable")]),
        ("minutes: 30", "minutes: " + "9" * 5_000, [(6, "value_number")]),
        ("minutes: 30", "minutes: !!python/name:os.system", [(6, "front_unreadable")]),
        ("minutes: 30", "minutes: 30\nminutes: 40", [(7, "key_doubled")]),
        ("minutes: 30", "minutes: 30\n? [a, b]\n: c", [(7, "key_unknown")]),
        ("minutes: 30", "minutes: 30\n\ufffe", [(7, "front_unreadable")]),
        ("title: Lihat, dengar, hubungkan", "title: [a]", [(4, "value_text")]),
        ("objectives: [menenangkan]", "objectives:\n  - a\n  - {b: c}", [(9, "value_text")]),
        ("position: 2", "posisi: 2", [(1, "key_missing"), (5, "key_unknown")]),
        ("title: Lihat", "title: [a: &x b, *x]  # Lihat", [(4, "front_unreadable")]),
    ],
)
def test_everything_wrong_is_said_at_once_with_its_line(old: str, new: str, expected: list[tuple[int, str]]) -> None:
    assert sorted(codes(LESSON.replace(old, new, 1))) == expected


def test_a_quote_that_is_never_closed_makes_it_unreadable() -> None:
    assert [code for _, code in codes(LESSON.replace("title: Lihat", 'title: "tidak ditutup'))] == ["front_unreadable"]


def test_a_value_means_what_its_key_says() -> None:
    """Not what YAML would make of it: a title is text, also when it looks like a number, a time or a flag."""
    for written in ("1998", "1:30", "010", "no", "2026-13-45"):
        document, problems = documents.parse(LESSON.replace("title: Lihat, dengar, hubungkan", f"title: {written}"))
        assert document is not None
        assert (document.meta["title"], problems) == (written, [])


@pytest.mark.parametrize(
    "front",
    ["- a\n- b", "a: &a [x, x]\nb: [*a, *a]", "!!python/object/apply:os.system ['true']", "x" * 9_000, "{" * 500],
)
def test_hostile_front_matter_is_unreadable_not_dangerous(front: str) -> None:
    document, problems = documents.parse(f"---\n{front}\n---\n\nIsi.\n")
    assert document is None
    assert problems[0].code in {"front_unreadable", "kind_unknown"}


def test_one_form_for_all_line_ends_and_marks() -> None:
    assert documents.normalise(b"\xef\xbb\xbfa\r\nb\rc\n\n\n") == "a\nb\nc\n"
    assert documents.normalise("e\u0301") == "é\n"
    assert documents.normalise(documents.normalise("x\n\n")) == "x\n"


@pytest.mark.parametrize(("text", "line"), [(b"a\n\xff", 2), ("a\nb\x00", 2), ("\x1b", 1), ("a\ud800", 1)])
def test_what_cannot_be_stored_names_its_line(text: Any, line: int) -> None:
    with pytest.raises(errors.Refused) as refused:
        documents.normalise(text)
    assert refused.value.values["line"] == line
