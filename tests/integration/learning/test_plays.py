"""A simulation through its real forms: scene by scene, without script, resumed, repeated, gone back, raced."""

import pytest
from sqlalchemy import select

from lms.extensions import db
from lms.kernel import errors
from lms.learning import actions
from lms.models.content import Document
from lms.models.facts import Completion, Play
from lms.models.summaries import ItemProgress
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import Page, PageClient

CASE = "/belajar/uji/uji-1-kasus"


@pytest.fixture
def start(client: PageClient, cast: Cast) -> Page:
    """The first scene, as Cleo sees it."""
    builders.add_content(builders.small_pack() | {"dukungan/1-awal/kasus.md": builders.simulation_md().encode()})
    client.sign_in("cleo@contoh.example", PASSWORD)
    return client.follow(client.submit(client.get(CASE).form("Mulai simulasi")))


def choose(client: PageClient, words: str) -> Page:
    """Press the choice with these words on the last page."""
    assert client.page is not None
    return client.follow(client.submit(client.page.form(words), words))


def stored() -> Play:
    return db.session.scalars(select(Play).order_by(Play.id.desc())).first()  # type: ignore[return-value]


def test_a_case_from_its_start_page_to_an_ending(client: PageClient, start: Page) -> None:
    assert start.h1 == "Tiba di balai"
    assert "Tepat, data dahulu" not in start.source
    kitchen = choose(client, "Kaji cepat")
    assert kitchen.h1 == "Dapur umum"
    assert "Tepat, data dahulu." in kitchen.text
    assert "Yang terlemah" not in kitchen.source
    assert "yang rentan dahulu" not in kitchen.source
    end = choose(client, "Siapa cepat")
    assert end.h1 == "Akhir yang berat"
    for words in ("2 dari 4 poin", "Ada yang tidak makan.", "Tepat, data dahulu.", "Antrean bukan ukuran kebutuhan."):
        assert words in end.text
    assert "yang rentan dahulu" not in end.source
    play = stored()
    assert (play.earned, play.best, [scene for scene, _ in play.path]) == (2, 4, ["tiba", "dapur"])
    assert play.finished_at is not None
    assert "Malam pertama di pos." in client.get(CASE).text
    assert "2 dari 4 poin" in client.get(CASE).text


def test_whoever_stops_goes_on_where_she_stopped(client: PageClient, start: Page) -> None:
    choose(client, "Kaji cepat")
    again = client.follow(client.submit(client.get(CASE).form("Lanjutkan dari tempat berhenti")))
    assert (again.url, again.h1) == (start.url, "Dapur umum")


def test_a_double_press_and_the_back_button_change_nothing(client: PageClient, start: Page) -> None:
    form = start.form("Kaji cepat")
    client.submit(form, "Kaji cepat")
    assert "sudah memutuskan" not in client.follow(client.submit(form, "Kaji cepat")).text
    page = client.follow(client.submit(form, "Bagikan bantuan"))
    assert "sudah memutuskan" in page.text
    assert page.h1 == "Dapur umum"
    assert len(stored().path) == 1


def test_a_finished_play_stays_as_it_is(client: PageClient, start: Page) -> None:
    kitchen = choose(client, "Kaji cepat")
    choose(client, "Dahulukan anak")
    page = client.follow(client.submit(kitchen.form("Siapa cepat"), "Siapa cepat"))
    assert page.h1 == "Akhir yang baik"
    assert stored().earned == 4


def test_coming_back_to_a_scene_means_deciding_anew(client: PageClient, start: Page) -> None:
    for words in ("Bagikan bantuan", "Tenangkan", "Kaji cepat"):
        choose(client, words)
    end = choose(client, "Dahulukan anak")
    assert "4 dari 4 poin" in end.text
    assert end.text.count("diputuskan ulang kemudian") == 2


def test_another_play_is_another_fact(client: PageClient, start: Page) -> None:
    choose(client, "Kaji cepat")
    choose(client, "Siapa cepat")
    assert client.page is not None
    second = client.follow(client.submit(client.page.form("Main lagi")))
    assert second.h1 == "Tiba di balai"
    assert second.url != start.url
    assert len(db.session.scalars(select(Play)).all()) == 2


@pytest.mark.parametrize("data", [{}, {"langkah": "0", "pilihan": "p0"}, {"langkah": "0", "pilihan": "<b>"}])
def test_a_choice_that_is_not_there_is_refused_with_the_scene_kept(
    client: PageClient, start: Page, data: dict[str, str]
) -> None:
    page = client.post(f"{start.url}/pilihan", data)
    assert page.status == (422 if data else 303)
    if data:
        assert page.h1 == "Tiba di balai"
        assert "tidak menyediakan pilihan itu" in page.text
    assert stored().path == []


@pytest.mark.parametrize("step", ["-1", "²", "9" * 30, "9" * 5000, "1"])
def test_a_step_that_is_not_now_changes_nothing(client: PageClient, start: Page, step: str) -> None:
    assert client.post(f"{start.url}/pilihan", {"langkah": step, "pilihan": "x"}).status == 303
    assert stored().path == []


def test_nobody_plays_for_another(client: PageClient, start: Page, app: object) -> None:
    client.post("/keluar")
    client.page = None
    client.sign_in("colin@contoh.example", PASSWORD)
    assert client.get(start.url).status == 404
    assert client.post(f"{start.url}/pilihan", {"langkah": "0", "pilihan": "x"}).status == 404


def test_a_uid_that_someone_else_used_starts_a_play_of_ones_own(client: PageClient, start: Page) -> None:
    used = stored().uid
    client.post("/keluar")
    client.page = None
    client.sign_in("colin@contoh.example", PASSWORD)
    own = client.follow(client.submit(client.get(CASE).form("Mulai simulasi"), uid=used))
    assert own.h1 == "Tiba di balai"
    assert not own.url.endswith(used)
    assert stored().uid != used


def test_the_revision_of_the_start_holds_to_the_end(client: PageClient, start: Page) -> None:
    changed = builders.simulation_md(body=builders.SCENES.replace("+2", "+3").replace("Dapur umum", "Dapur lain"))
    builders.add_content(builders.small_pack() | {"dukungan/1-awal/kasus.md": changed.encode()})
    assert choose(client, "Kaji cepat").h1 == "Dapur umum"
    assert "4 dari 4 poin" in choose(client, "Dahulukan anak").text


def test_a_module_waits_for_its_simulation(client: PageClient, start: Page, cast: Cast) -> None:
    for lesson in ("uji-1-1", "uji-1-2"):
        client.post(f"/belajar/uji/{lesson}/selesai")
    codes = dict(db.session.execute(select(Document.code, Document.id)).all())
    states = dict(db.session.execute(select(ItemProgress.document_id, ItemProgress.done_at)).all())
    assert states[codes["uji-1-kasus"]] is None
    assert not db.session.scalars(select(Completion)).all()
    client.get(start.url)
    choose(client, "Kaji cepat")
    choose(client, "Siapa cepat")
    db.session.expire_all()
    states = dict(db.session.execute(select(ItemProgress.document_id, ItemProgress.done_at)).all())
    assert states[codes["uji-1-kasus"]] is not None


def test_a_trainer_reads_but_does_not_play(client: PageClient, start: Page, cast: Cast) -> None:
    client.post("/keluar")
    client.page = None
    client.sign_in("tara@contoh.example", PASSWORD)
    assert "Hanya pendamping yang memainkannya" in client.get(CASE).text
    with pytest.raises(errors.NotAllowed):
        actions.start_play(actor=cast.tara, course="uji", code="uji-1-kasus", uid="0" * 8)


def test_a_lesson_cannot_be_played(client: PageClient, start: Page) -> None:
    assert client.post("/belajar/uji/uji-1-1/main").status == 404
