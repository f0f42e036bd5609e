"""Results of a simulation against a case computed by hand."""

from uuid import uuid4

from sqlalchemy import select

from lms.authoring import plays
from lms.extensions import db
from lms.learning import actions
from lms.models.content import Document, Revision
from lms.models.people import Person
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import PageClient


def play(person: Person, *words: str) -> None:
    """One play that takes the choices whose text contains the words."""
    uid = actions.start_play(actor=person, course="uji", code="uji-1-kasus", uid=str(uuid4()))
    case, paper = db.session.execute(
        select(Document.id, Revision.paper)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.code == "uji-1-kasus")
    ).one()
    choices = {each["html"]: each["id"] for scene in paper or [] for each in scene["choices"]}
    for step, word in enumerate(words):
        choice = next(key for html, key in choices.items() if word in html)
        assert actions.choose(actor=person, simulation=case, uid=uid, step=step, choice=choice)


def test_choices_by_hand(client: PageClient, cast: Cast) -> None:
    builders.add_content(builders.small_pack() | {"dukungan/1-awal/kasus.md": builders.simulation_md().encode()})
    client.sign_in("tara@contoh.example", PASSWORD)
    assert "Belum ada permainan" in client.get("/susun/uji-1-kasus/hasil").text
    play(cast.cleo, "Kaji cepat", "Siapa cepat")
    play(cast.cleo, "Kaji cepat", "Dahulukan")
    play(cast.colin, "Bagikan", "Tenangkan", "Kaji cepat", "Dahulukan")
    play(cast.colin, "Kaji cepat")
    case = db.session.scalars(select(Document.id).where(Document.code == "uji-1-kasus")).one()
    results = plays.results(case)
    assert (results.plays, results.people, results.open_plays) == (3, 2, 1)
    assert results.mean_percent == (50 + 100 + 100) // 3
    arrival = results.scenes[0]
    assert (arrival.id, arrival.decided) == ("tiba", 4)
    assert {each.html: each.taken for each in arrival.choices} == {"Kaji cepat": 3, "Bagikan bantuan": 1}
    assert results.endings == [("Akhir yang baik", 2), ("Akhir yang berat", 1)]
    page = client.get("/susun/uji-1-kasus/hasil", max_statements=8)
    assert "Cleo" not in page.text
    assert "3 · 75 %" in page.text
