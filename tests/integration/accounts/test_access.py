"""Signing in, waiting, forgotten passwords, sessions that end."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.extensions import db
from lms.kernel import clock
from lms.models.people import Language, OneTimeLink, Person, Role, SignInFailure
from lms.models.session import work
from lms.outside import mail
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.conftest import NOON
from tests.page_client import Page, PageClient

NEW = "kopi laut bambu senja"


def door(client: PageClient, identifier: str, password: str, **more: str) -> Page:
    return client.submit(client.get("/masuk").form(action="/masuk"), identifier=identifier, password=password, **more)


@pytest.mark.parametrize(
    "identifier", ["cleo@contoh.example", "  CLEO@Contoh.Example ", "199003142025992001", "19900314 2025 99 2 001"]
)
def test_by_e_mail_or_nip(client: PageClient, cast: Cast, identifier: str) -> None:
    assert door(client, identifier, PASSWORD).status == 303
    assert client.get("/beranda").h1.endswith("Cleo")


@pytest.mark.parametrize(
    ("identifier", "password"),
    [
        ("cleo@contoh.example", "salah-sekali"),
        ("siapa@contoh.example", PASSWORD),
        ("1" * 18, PASSWORD),
        ("😀", "x"),
        ("a" * 200, "b" * 200),
    ],
)
def test_wrong_is_wrong_alike_and_keeps_the_name(
    client: PageClient, cast: Cast, identifier: str, password: str
) -> None:
    page = door(client, identifier, password)
    assert page.status == 422
    assert "tidak cocok" in page.text
    values = page.form(action="/masuk").values
    assert (values["identifier"], values["password"]) == (identifier, "")


@pytest.mark.parametrize(("identifier", "password"), [("", ""), ("x" * 201, "y"), ("x", "y" * 201)])
def test_empty_and_too_long(client: PageClient, cast: Cast, identifier: str, password: str) -> None:
    page = door(client, identifier, password)
    assert page.status == 422
    assert page.all("div", class_="summary")


def test_after_five_failures_the_account_waits_and_says_how_long(client: PageClient, cast: Cast) -> None:
    for _ in range(5):
        door(client, "cleo@contoh.example", "salah-sekali")
    page = door(client, "cleo@contoh.example", PASSWORD)
    assert page.status == 429
    assert page.response.headers["Retry-After"] == "60"
    assert "1 menit" in page.text
    with clock.frozen(NOON + timedelta(seconds=61)):
        assert door(client, "cleo@contoh.example", PASSWORD).status == 303
    assert db.session.scalars(select(func.count()).select_from(SignInFailure)).one() == 0


def test_names_of_accounts_are_not_kept_with_failures(client: PageClient, cast: Cast) -> None:
    door(client, "cleo@contoh.example", "salah-sekali")
    assert "cleo" not in db.session.scalars(select(SignInFailure.account_key)).one()


def letters(app: Flask) -> list[str]:
    folder = mail.post.fallback
    assert folder is not None
    bodies = [message_from_bytes(path.read_bytes(), policy=default) for path in folder.files()]
    return [str(each.get_body().get_content()) for each in bodies if each.get_body() is not None]  # type: ignore[union-attr]


def test_a_forgotten_password_by_mail_once(client: PageClient, cast: Cast, app: Flask) -> None:
    sent = client.follow(
        client.submit(client.get("/lupa-sandi").form(action="/lupa-sandi"), identifier="cleo@contoh.example")
    )
    path = re.search(r"(/sandi-baru/\S+)", letters(app)[-1])
    assert path is not None
    form = client.get(path.group(1)).form(action="/sandi-baru")
    assert client.submit(form, new_password=NEW, repeated="lain sama sekali").status == 422
    assert client.follow(client.follow(client.submit(form, new_password=NEW, repeated=NEW))).h1.endswith("Cleo")
    assert client.get(path.group(1)).status == 404
    assert "surel" in sent.text.lower()
    fresh = PageClient(app)
    assert door(fresh, "cleo@contoh.example", PASSWORD).status == 422
    assert door(fresh, "cleo@contoh.example", NEW).status == 303


def test_an_unknown_account_gets_the_same_answer_and_no_letter(client: PageClient, cast: Cast, app: Flask) -> None:
    before = len(letters(app))
    known = client.follow(
        client.submit(client.get("/lupa-sandi").form(action="/lupa-sandi"), identifier="cleo@contoh.example")
    )
    other = client.follow(
        client.submit(client.get("/lupa-sandi").form(action="/lupa-sandi"), identifier="siapa@contoh.example")
    )
    assert known.text == other.text
    assert len(letters(app)) == before + 1


def test_a_link_ends_after_an_hour_and_its_secret_is_not_kept(client: PageClient, cast: Cast, app: Flask) -> None:
    client.submit(client.get("/lupa-sandi").form(action="/lupa-sandi"), identifier="cleo@contoh.example")
    path = re.search(r"(/sandi-baru/(\S+))", letters(app)[-1])
    assert path is not None
    assert db.session.scalars(select(OneTimeLink.secret_hash)).one() != path.group(2)
    with clock.frozen(NOON + timedelta(minutes=61)):
        assert client.get(path.group(1)).status == 404


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("pendek", "10 karakter"),
        ("aaaaaaaaaaaa", "mudah ditebak"),
        ("cleo@contoh.example!", "nama, NIP"),
        (PASSWORD, "berbeda"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(client: PageClient, cast: Cast, new: str, words: str) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    form = client.get("/saya/sandi").form(action="/saya/sandi")
    page = client.submit(form, current_password=PASSWORD, new_password=new, repeated=new)
    assert page.status == 422
    assert words in page.text


def test_a_password_change_ends_every_other_session(client: PageClient, cast: Cast, app: Flask) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    other = PageClient(app)
    other.sign_in("cleo@contoh.example", PASSWORD)
    form = client.get("/saya/sandi").form(action="/saya/sandi")
    assert client.submit(form, current_password=PASSWORD, new_password=NEW, repeated=NEW).status == 303
    assert client.get("/beranda").status == 200
    assert other.get("/beranda").status == 303


def test_someone_elses_choice_must_be_changed_first(client: PageClient, cast: Cast) -> None:
    cast.cleo.must_change_since = clock.now()
    page = client.submit(
        client.get("/masuk").form(action="/masuk"), identifier="cleo@contoh.example", password=PASSWORD
    )
    assert client.get("/beranda").location.endswith("/saya/sandi")
    forced = client.get("/saya/sandi")
    client.submit(forced.form(action="/saya/sandi"), current_password=PASSWORD, new_password=NEW, repeated=NEW)
    assert client.get("/beranda").status == 200
    assert page.status == 303


def test_a_deactivated_person_is_out_at_once(client: PageClient, cast: Cast) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    cast.cleo.deactivated_at = clock.now()
    assert client.get("/beranda").status == 303
    assert door(client, "cleo@contoh.example", PASSWORD).status == 422


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/capaian", "/capaian"),
        ("//jahat.example/x", "/"),
        ("https://jahat.example", "/"),
        ("/\\jahat.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_back_to_where_one_wanted_to_go_but_never_elsewhere(
    client: PageClient, cast: Cast, target: str, expected: str
) -> None:
    form = client.get("/masuk", query_string={"next": target}).form(action="/masuk")
    page = client.submit(form, identifier="cleo@contoh.example", password=PASSWORD)
    assert page.location == expected


def test_signing_out_ends_the_remembered_session_too(client: PageClient, cast: Cast) -> None:
    home = client.follow(client.follow(door(client, "cleo@contoh.example", PASSWORD, remember="y")))
    client.submit(home.form("Keluar"))
    assert client.get("/beranda").status == 303


def test_the_page_after_signing_out_speaks_the_language_of_who_was_signed_in(client: PageClient, cast: Cast) -> None:
    with work():
        cast.cleo.language = Language.EN
    home = client.follow(client.follow(door(client, "cleo@contoh.example", PASSWORD, remember="")))
    assert client.follow(client.submit(home.form("Sign out"))).h1 == "Sign in"


def test_an_expired_form_comes_back_with_what_was_typed(client: PageClient, cast: Cast) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    page = client.post("/saya", {"csrf_token": "kedaluwarsa", "language": "id", "whatsapp": "0812-3456-7890"})
    assert page.status == 400
    again = client.submit(page.form(action="/saya"))
    assert again.status == 303
    assert db.session.scalars(select(Person.whatsapp).where(Person.id == cast.cleo.id)).one() == "+6281234567890"


def test_my_data_is_all_there_and_holds_no_secret(client: PageClient, cast: Cast) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    text = client.send("GET", "/saya/data.json").get_data(as_text=True)
    assert '"nip": "199003142025992001"' in text
    assert "argon2" not in text
    assert cast.cleo.session_stamp not in text


def test_every_role_lands_on_its_own_first_page(client: PageClient, cast: Cast, app: Flask) -> None:
    pages = {
        name: PageClient(app).sign_in(f"{name}@contoh.example", PASSWORD).url
        for name in ("cleo", "tara", "dora", "ada")
    }
    assert pages == {"cleo": "/beranda", "tara": "/susun", "dora": "/laporan/penuntasan", "ada": "/orang"}
    assert builders.make_person("Baru", Role.TRAINER).is_active
