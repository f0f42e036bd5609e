"""A question file on its way into a quiz and out of it: by browser and by command, on a real database."""

import base64
import io
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.authoring.actions import drafts, interchange
from lms.extensions import db
from lms.models.audit import AuditEntry
from lms.models.content import Document, Draft, Media
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import Page, PageClient

GIFT = "::Awal::Apa yang pertama?{=Melihat keselamatan#Tepat ~Bercerita#Memaksa ####Lihat dahulu.}\n\n::Rusak::Dua?{=a =b ~c}\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
HOSTILE_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
QUIZ = "/susun/uji-1-kuis"


@pytest.fixture
def tara(client: PageClient, cast: Cast) -> PageClient:
    client.sign_in("tara@contoh.example", PASSWORD)
    return client


def send(tara: PageClient, content: bytes, form: str = "gift") -> Page:
    tara.get(f"{QUIZ}/impor")
    values = {"file": (io.BytesIO(content), "soal.txt"), "format": form}
    return tara.post(f"{QUIZ}/impor", values, content_type="multipart/form-data")


def confirm(tara: PageClient, page: Page) -> Page:
    return tara.submit(page.form("Tambahkan ke draf"))


def draft() -> Draft | None:
    quiz = db.session.scalars(select(Document.id).where(Document.code == "uji-1-kuis")).one()
    return db.session.scalars(select(Draft).where(Draft.document_id == quiz)).one_or_none()


def with_picture(name: str, content: bytes) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><quiz><question type="essay"><name><text>Gambar</text></name>'
        f'<questiontext format="html"><text><![CDATA[<p>Apa ini?</p><p><img src="@@PLUGINFILE@@/{name}" alt="Bagan"></p>]]></text>'
        f'<file name="{name}" encoding="base64">{base64.b64encode(content).decode()}</file></questiontext></question></quiz>'
    ).encode()


def test_a_file_is_shown_then_added_and_the_author_publishes_as_always(tara: PageClient) -> None:
    preview = send(tara, GIFT.encode("utf-16"))
    assert preview.status == 200
    assert "Apa yang pertama?" in preview.text
    assert "Rusak" in preview.text
    assert draft() is None
    answer = confirm(tara, preview)
    assert (answer.status, answer.location) == (303, QUIZ)
    made = draft()
    assert made is not None
    assert made.source_md.endswith(
        "## Apa yang pertama? {#uji-q01 points=1}\n\n- [x] Melihat keselamatan\n    Tepat\n- [ ] Bercerita\n    Memaksa\n\n"
        "> Lihat dahulu.\n"
    )
    assert "Urutkan." in made.source_md
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "content.questions_imported")).one()
    assert entry.changes == {"questions": [None, 1], "format": [None, "gift"]}
    assert tara.submit(tara.get(QUIZ).form("Terbitkan"), "Terbitkan").status == 303


def test_a_file_of_another_format_is_asked_about(tara: PageClient) -> None:
    assert "Apakah formatnya" in send(tara, GIFT.encode(), "moodle-xml").text
    preview = send(tara, GIFT.encode(), "aiken")
    assert "Apakah formatnya sudah tepat? Anda memilih Aiken." in preview.text
    assert "Soal ditambahkan di akhir draf" not in preview.text


def test_someone_saved_in_between_and_nothing_is_lost(tara: PageClient, cast: Cast) -> None:
    preview = send(tara, GIFT.encode())
    source = tara.get(QUIZ).text and "---\nid: uji-1-kuis\nkind: quiz\ntitle: Kuis\npass: 70\n---\n\nLain.\n"
    drafts.save(actor=cast.ada, code="uji-1-kuis", source=source, version=0)
    answer = confirm(tara, preview)
    assert answer.status == 409
    assert (draft() or Draft()).source_md == source
    again = confirm(tara, answer)
    assert again.status == 303
    text = (draft() or Draft()).source_md
    assert text.startswith(source.rstrip("\n"))
    assert "Apa yang pertama?" in text


def test_an_image_comes_along_and_never_replaces_another(tara: PageClient) -> None:
    for content in (SVG, SVG.replace(b"9h", b"8h").replace(b"0h9", b"0h8")):
        page = send(tara, with_picture("Bagan Alur.svg", content), "moodle-xml")
        assert confirm(tara, page).status == 303
    names = list(db.session.scalars(select(Media.name).order_by(Media.id)))
    assert names[0] == "bagan-alur.svg"
    assert re.fullmatch(r"bagan-alur-[0-9a-f]{8}\.svg", names[1])
    text = (draft() or Draft()).source_md
    assert "![Bagan](media/bagan-alur.svg)" in text
    assert f"![Bagan](media/{names[1]})" in text


def test_a_hostile_drawing_keeps_its_question_out(tara: PageClient) -> None:
    page = send(tara, with_picture("jahat.svg", HOSTILE_SVG), "moodle-xml")
    assert page.status == 200
    assert "jahat.svg" in page.text
    assert "Tambahkan ke draf" not in page.text
    kept = {name: page.all("input", name=name)[0].get("value") for name in ("kept", "version", "format")}
    assert tara.post(f"{QUIZ}/impor/penerapan", kept).status == 422
    assert draft() is None
    assert db.session.scalars(select(Media)).all() == []


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"", "gift"), (b"\x89PNG\r\n\x1a\n\0\0", "gift"), (b"x" * 5_001, "gift"), (b"<quiz>", "moodle-xml"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><quiz>&b;</quiz>', "moodle-xml"), (b"tanpa soal", "aiken"), (GIFT.encode(), "doc"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_gets_a_clear_message(
    content: bytes, form: str, tara: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interchange, "LARGEST_UPLOAD", 5_000)
    answer = send(tara, content, form)
    if (content, form) == (b"tanpa soal", "aiken"):
        assert answer.status == 200
        assert 'class="badge badge-brick"' in answer.source
    else:
        assert answer.status == 422
        assert 'role="alert"' in answer.source
    assert draft() is None


def test_what_goes_out_comes_back(app: Flask, tara: PageClient, tmp_path: Path) -> None:
    page = tara.get(f"{QUIZ}/ekspor", max_statements=12)
    assert "uji-1-kuis.xml" in page.text
    file = tara.get(f"{QUIZ}/ekspor/moodle-xml")
    assert file.response.headers["Content-Disposition"] == 'attachment; filename="uji-1-kuis.xml"'
    assert tara.send("GET", f"{QUIZ}/ekspor/aiken").status_code == 404
    path = tmp_path / "soal.xml"
    path.write_bytes(file.response.data)
    printed = run(app, "import", str(path), "--format", "moodle-xml", "--check", "--json")
    assert [each["kind"] for each in printed["questions"]] == ["single", "multiple", "matching", "ordering"]
    assert printed["questions"][1]["answers"][2]["weight"] == -50
    assert printed["refusals"] == []


def run(app: Flask, *args: str) -> dict:  # type: ignore[type-arg]
    result = app.test_cli_runner().invoke(args=["questions", *args])
    return json.loads(result.output)  # type: ignore[no-any-return]


def test_the_command_says_what_comes_in_and_writes_only_when_told(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "soal.txt"
    path.write_text(GIFT, encoding="utf-8")
    printed = run(app, "import", str(path), "--format", "gift", "--check", "--json")
    question = printed["questions"][0]
    assert (question["kind"], question["stem"], question["feedback"]) == (
        "single",
        "Apa yang pertama?",
        "Lihat dahulu.",
    )
    assert question["answers"][1] == {"text": "Bercerita", "weight": 0.0, "feedback": "Memaksa"}
    assert [(each["line"], each["question"], each["code"]) for each in printed["refusals"]] == [
        (3, "Rusak", "several_full_answers")
    ]
    assert draft() is None
    runner = app.test_cli_runner()
    assert runner.invoke(args=["questions", "import", str(path), "--format", "gift"]).exit_code == 2
    assert (
        runner.invoke(args=["questions", "import", str(path), "--format", "gift", "--into", "tidak-ada"]).exit_code == 1
    )
    done = runner.invoke(args=["questions", "import", str(path), "--format", "gift", "--into", "uji-1-kuis"])
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "1 questions come in, 1 stay out")
    assert "Apa yang pertama?" in (draft() or Draft()).source_md


def test_the_command_refuses_a_whole_file_and_exports(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "soal.xml"
    path.write_bytes(b"<quiz>")
    result = app.test_cli_runner().invoke(
        args=["questions", "import", str(path), "--format", "moodle-xml", "--check", "--json"]
    )
    assert result.exit_code == 1
    assert json.loads(result.output)["refusals"][0]["code"] == "xml_broken"
    target = tmp_path / "keluar.gift.txt"
    out = app.test_cli_runner().invoke(
        args=["questions", "export", "uji-1-kuis", "--format", "gift", "--output", str(target)]
    )
    assert out.exit_code == 0
    assert "3 questions, 1 stay out" in out.output
    assert target.read_text(encoding="utf-8").startswith("$CATEGORY: Kuis uji\n")
