from lms.kernel import scenes

CASE = """Pengantar.

## Tiba di balai {#tiba}

Listrik padam.

- [Lihat dahulu](#lihat) +2
    Tepat.
- [Bagikan bantuan](#ricuh) 0
    Yang lemah tertinggal.

## Tenang {#lihat}

Selesai baik.

## Ricuh {#ricuh}

Selesai buruk.
"""


def test_scenes_choices_and_endings() -> None:
    found, intro, problems = scenes.parse(CASE, 1)
    assert (intro, problems) == ("Pengantar.", [])
    assert [(scene.id, len(scene.choices)) for scene in found] == [("tiba", 2), ("lihat", 0), ("ricuh", 0)]
    first = found[0].choices[0]
    assert (first.text, first.target, first.value, first.reply, first.line) == ("Lihat dahulu", "lihat", 2, "Tepat.", 7)


def test_what_cannot_be_read_is_said() -> None:
    broken = CASE.replace("{#lihat}", "").replace(") +2", ")").replace("    Yang lemah", "liar")
    assert [problem.code for problem in scenes.parse(broken, 1)[2]] == [
        "choice_without_value",
        "choice_unreadable",
        "scene_without_id",
    ]
