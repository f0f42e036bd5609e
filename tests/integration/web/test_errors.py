"""Error pages: what happened, what to do, in the reader's language; the failsafe touches nothing that may be broken."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from lms.access import current
from lms.learning import queries
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import PageClient


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/tidak-ada", 404, "Halaman tidak ditemukan"),
        ("/orang", 403, "bukan untuk akun Anda"),
        ("/keluar", 405, "tidak dapat dilakukan di sini"),
    ],
)
def test_a_sentence_and_a_way_on(client: PageClient, cast: Cast, path: str, status: int, words: str) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    page = client.get(path)
    assert page.status == status
    assert words in page.text
    assert page.link("Ke halaman awal")


def test_a_405_names_what_is_allowed(client: PageClient, cast: Cast) -> None:
    assert "POST" in client.get("/keluar").response.headers["Allow"]


def test_our_fault_is_told_with_a_number_even_without_database_and_person(
    client: PageClient, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)

    def broken(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the database is gone"))

    monkeypatch.setattr(queries, "outlines", broken)
    monkeypatch.setattr(current, "reader", broken)
    response = client.send("GET", "/beranda")
    text = response.get_data(as_text=True)
    assert response.status_code == 500
    assert "Ada gangguan di pihak kami" in text
    assert "the database is gone" not in text
    english = client.send("GET", "/beranda", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "Something broke on our side" in english


def test_headers_that_keep_a_page_safe(client: PageClient, cast: Cast) -> None:
    headers = client.get("/masuk").response.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "HttpOnly" in headers["Set-Cookie"]
    assert "SameSite=Lax" in headers["Set-Cookie"]


@pytest.mark.parametrize("language", ["fr", "", "../../etc", "id' OR 1=1"])
def test_an_unknown_language_changes_nothing(client: PageClient, cast: Cast, language: str) -> None:
    client.get("/masuk")
    client.post("/bahasa", {"language": language})
    assert client.get("/masuk").root.get("lang") == "id"
