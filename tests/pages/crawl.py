"""Finds the pages of a running demo as each role finds them: by following links from where she lands.

One page of each kind is enough: the same endpoint, the same shape of code (`mrs-4-2` is `--`, `mrs-4-kuis` is
`--kuis`), the same filters in use.
"""

import re
import tempfile
from collections import deque
from collections.abc import Iterator
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import html5lib
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from lms.app import create_app
from lms.config import Settings
from lms.demo import people

ROLES = ("", "pendamping", "pelatih", "direktorat", "admin")
"""Nobody signed in, and the four of the demo."""
UNLINKED = {
    "": ("/masuk", "/lupa-sandi/terkirim", "/sandi-baru/tidak-ada", "/tidak-ada"),
    "pendamping": ("/orang", "/tidak-ada", "/belajar/alat/alat-2-survei-narasumber", "/belajar/alat/alat-2-survei-modul"),
    "pelatih": ("/susun/mrs-4-2/banding?lama=1&baru=1", "/susun/mrs-4-2/banding?lama=7&baru=8", "/susun/mrs-4-kuis/hasil?percobaan=semua&versi=terbit", "/susun/soal?cari=zzzz", "/susun/soal/mrs-3-q08/banding?lama=1&baru=1"),
    "direktorat": ("/laporan/penuntasan?dari=2031-01-01&sampai=2030-01-01&angkatan=zzz", "/laporan/penuntasan/orang", "/laporan/angket?angket=alat-2-survei-modul&kelompok=ID-SR"),
    "admin": ("/orang?cari=zzzz", "/angkatan/tidak-ada"),
}  # fmt: skip
"""What no link leads to, or none that is followed: forms, empty answers, errors."""
FILES = {
    "accounts.my_data", "learning.media", "offline.manifest", "web.health", "reporting.completion_file",
    "reporting.people_file", "reporting.gain_file",
    "reporting.gain_questions_file", "reporting.survey_file", "authoring.export_file", "authoring.results_file",
}  # fmt: skip
"""Endpoints that answer with something else than a page."""
MOST = 300
"""More than this is no set of kinds but a list of things: the test that says which are alike is wrong."""
Kind = tuple[str, str, tuple[str, ...]]


class Browser:
    """One person's cookie jar at a running demo."""

    def __init__(self, address: str, who: str) -> None:
        self.address = address
        self.who = who
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        if who:
            self.post("/masuk", on="/masuk", identifier=f"{who}@contoh.example", password=people.PASSWORD)

    def get(self, path: str) -> str:
        """Return the page at a path, whatever its status; empty for a file."""
        return self._text(self.address + path, None)

    def post(self, path: str, *, on: str, **values: str) -> str:
        """Send a form with the token of the page `on`."""
        root = html5lib.parse(self.get(on), namespaceHTMLElements=False)
        token = next(each.get("value", "") for each in root.iter("input") if each.get("name") == "csrf_token")
        return self._text(self.address + path, urlencode({**values, "csrf_token": token}).encode())

    def speak(self, language: str) -> None:
        """Choose a language."""
        self.post("/bahasa", on="/saya" if self.who else "/masuk", language=language)

    def _text(self, url: str, data: bytes | None) -> str:
        try:
            with self.opener.open(url, data) as answer:
                return _page(answer)
        except HTTPError as error:
            with error:
                return _page(error)


def _page(answer: HTTPResponse | HTTPError) -> str:
    is_page = answer.headers.get_content_type() == "text/html"
    return answer.read().decode() if is_page else ""


def pages(browser: Browser) -> list[str]:
    """Return one path of each kind that a person reaches, what no link leads to last."""
    urls = url_map()
    seen: dict[Kind, str] = {}
    waiting = deque(["/masuk" if not browser.who else "/"])
    while waiting:
        path = waiting.popleft()
        kind = kind_of(urls, path)
        if kind is None or kind in seen:
            continue
        seen[kind] = path
        assert len(seen) <= MOST, f"{browser.who}: {list(seen.values())}"
        waiting.extend(_links(path, browser.get(path)))
    return list(dict.fromkeys((*seen.values(), *UNLINKED[browser.who])))


def url_map() -> Map:
    """Return the application's addresses."""
    with tempfile.TemporaryDirectory() as folder:
        return create_app(Settings(secret_key="c" * 40, data_dir=Path(folder), database_url="sqlite://")).url_map


def kind_of(urls: Map, path: str) -> Kind | None:
    """Return what kind of page a path leads to; none if it is a file or nothing."""
    parts = urlsplit(path)
    try:
        endpoint, values = urls.bind("127.0.0.1").match(parts.path)
    except HTTPException:
        return None
    if endpoint in FILES:
        return None
    shape = re.sub(r"^[a-z]+|\d+", "", str(values.get("code", "")))
    return endpoint, shape, tuple(sorted(set(parse_qs(parts.query)) - {"urut"}))


def _links(path: str, source: str) -> Iterator[str]:
    root = html5lib.parse(source, namespaceHTMLElements=False) if source else ()
    for element in root.iter("a") if source else ():
        parts = urlsplit(urljoin(path, element.get("href", "")))
        if not parts.netloc and not parts.scheme:
            yield parts.path + (f"?{parts.query}" if parts.query else "")
