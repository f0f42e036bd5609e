"""Saves every page of a running demo, in both languages and for all roles, for the checkers to read.

`python -m tests.pages.save FOLDER` starts the demo itself, prints how many pages it saved and exits.
"""

import sys
import tempfile
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import html5lib

from tests.browser.conftest import PASSWORD, start_server
from tests.browser.test_pages import PAGES


def main(folder: Path) -> int:
    """Save the pages; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        process, address = start_server(Path(data))
        try:
            return sum(_save_role(address, who, paths, folder) for who, paths in PAGES.items())
        finally:
            process.terminate()
            process.wait(timeout=20)


def _save_role(address: str, who: str, paths: list[str], folder: Path) -> int:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    if who:
        values = {"identifier": f"{who}@contoh.example", "password": PASSWORD}
        _send(browser, f"{address}/masuk", {**values, "csrf_token": _token(browser, f"{address}/masuk")})
    saved = 0
    for language in ("id", "en"):
        token = _token(browser, f"{address}/saya" if who else f"{address}/masuk")
        _send(browser, f"{address}/bahasa", {"language": language, "csrf_token": token})
        for number, path in enumerate(paths):
            name = f"{who or 'nobody'}-{language}-{number:02d}.html"
            (folder / name).write_text(_send(browser, address + path), encoding="utf-8")
            saved += 1
    return saved


def _send(browser: OpenerDirector, url: str, data: dict[str, str] | None = None) -> str:
    try:
        with browser.open(url, urlencode(data).encode() if data else None) as answer:
            return answer.read().decode()
    except HTTPError as error:
        return error.read().decode()


def _token(browser: OpenerDirector, url: str) -> str:
    root = html5lib.parse(_send(browser, url), namespaceHTMLElements=False)
    return next(each.get("value", "") for each in root.iter("input") if each.get("name") == "csrf_token")


if __name__ == "__main__":
    number = main(Path(sys.argv[1]))
    sys.stdout.write(f"{number} pages\n")
