"""Saves every page of a running demo, in both languages and for all roles, for the checkers to read.

`python -m tests.pages.save FOLDER [DATA]` starts the demo itself, prints how many pages it saved and exits. DATA is a data folder
that may hold a demo already; without it, one is built and thrown away.
"""

import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

from tests.pages import crawl
from tests.serving import start_server

LANGUAGES = ("id", "en")
OPEN = "/belajar/alat/alat-2-survei-narasumber"
"""A survey that the companion has not answered."""
PRESSED = {
    "": [("/masuk", "/masuk", {}), ("/lupa-sandi", "/lupa-sandi", {})],
    "pendamping": [
        ("/belajar/mtk/mtk-6-kuis/percobaan", "/belajar/mtk/mtk-6-kuis", {"uid": str(uuid.uuid4())}),
        (f"{OPEN}/angket?kosong", OPEN, {"versi": "1"}),
        (f"{OPEN}/angket?sebagian", OPEN, {"versi": "1", "a-svn-q01": "4", "a-svn-q12": "Contoh kasusnya."}),
        (f"{OPEN}/angket?lama", OPEN, {"versi": "0", "a-svn-q01": "4"}),
    ],
    "pelatih": [
        ("/susun/mrs-4-2/pratinjau", "/susun/mrs-4-2", {"source": "# Tanpa kepala\n\n[x](/tidak-ada)"}),
        ("/susun/mrs-4-2/terbitan", "/susun/mrs-4-2", {"source": "# Tanpa kepala", "version": "0"}),
        ("/susun/mrs-4-kuis/pratinjau", "/susun/mrs-4-kuis", {"source": "## Soal tanpa kunci"}),
        ("/susun/mrs-4/gambar", "/susun/mrs-4/gambar", {}),
    ],
    "direktorat": [("/saya/sandi", "/saya/sandi", {})],
    "admin": [("/orang/baru", "/orang/baru", {}), ("/angkatan/baru", "/angkatan/baru", {})],
}  # fmt: skip
"""Role → pages that only a form leads to: (where it goes, the page it is on, what it says)."""


def main(folder: Path, data: Path | None = None) -> int:
    """Save the pages; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as fresh:
        process, address = start_server(data or Path(fresh))
        try:
            saved = [_save(folder, name, text) for who in crawl.ROLES for name, text in _sources(address, who)]
        finally:
            process.terminate()
            process.wait(timeout=20)
    return len(saved)


def _sources(address: str, who: str) -> Iterator[tuple[str, str]]:
    """Yield (name, HTML) of everything a role sees, in both languages."""
    browser = crawl.Browser(address, who)
    paths = crawl.pages(browser)
    for language in LANGUAGES:
        browser.speak(language)
        for path in paths:
            yield f"{who or 'nobody'} {language} {path}", browser.get(path)
        for path, on, values in PRESSED[who]:
            yield f"{who or 'nobody'} {language} POST {path}", browser.post(path, on=on, **values)


def _save(folder: Path, name: str, text: str) -> Path:
    """Write one page under a name that says where it comes from."""
    assert text, f"{name}: no page"
    path = folder / ("".join(letter if letter.isalnum() else "_" for letter in name) + ".html")
    path.write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    number = main(*map(Path, sys.argv[1:]))
    sys.stdout.write(f"{number} pages\n")
