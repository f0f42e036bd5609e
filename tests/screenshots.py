"""The README's pictures, taken from a running demo into docs/screenshots/: `make screenshots`.

The names are stable, so that the README and the pictures change apart. Each picture is squeezed by Pillow where that
makes it smaller.
"""

import re
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import run
from tests.browser.conftest import DESKTOP, FLAGS, PHONE, sign_in
from tests.serving import start_server

FOLDER = Path(__file__).parents[1] / "docs/screenshots"
LESSON = "/belajar/mrs/mrs-4-2"
QUIZ = "/belajar/mtk/mtk-5-kuis"


def home(page: Page) -> None:
    page.goto("/beranda")


def lesson(page: Page) -> None:
    page.goto(LESSON)


def quiz(page: Page) -> None:
    page.goto(QUIZ)
    page.get_by_role("button", name=re.compile("Mulai kuis|Lanjutkan kuis|Coba lagi")).click()
    page.locator(".question:visible .option input").first.check()
    page.locator("[data-part=saved]").get_by_text("Tersimpan").wait_for()


def result(page: Page) -> None:
    page.goto("/belajar/mrs/mrs-4-kuis")
    page.get_by_role("link", name=re.compile("Percobaan")).last.click()
    page.wait_for_load_state("networkidle")


def completion(page: Page) -> None:
    page.goto("/laporan/penuntasan")


def editor(page: Page) -> None:
    page.goto("/susun/mrs-4-2")
    page.locator("[data-part=proof]").wait_for()


TALL = {"width": 1280, "height": 1000}

PICTURES: dict[str, tuple[str, Callable[[Page], None], dict[str, int], str]] = {
    "home-phone": ("pendamping", home, PHONE, "light"),
    "home-phone-dark": ("pendamping", home, PHONE, "dark"),
    "home-desktop": ("pendamping", home, DESKTOP, "light"),
    "result-phone": ("pendamping", result, PHONE, "light"),
    "lesson-phone": ("pendamping", lesson, PHONE, "light"),
    "lesson-desktop": ("pendamping", lesson, DESKTOP, "light"),
    "quiz-phone": ("pendamping", quiz, PHONE, "light"),
    "completion-desktop": ("direktorat", completion, TALL, "light"),
    "editor-desktop": ("pelatih", editor, DESKTOP, "light"),
}
"""Name → who, the way there, the window, the colour scheme; homes first, since reading moves what comes next."""


def main() -> int:
    """Take all pictures; the exit code says whether there was a browser."""
    path = run.chromium()
    if path is None:
        sys.stderr.write("Chromium is not installed: no pictures\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        process, address = start_server(Path(data))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=path,
                    args=list(FLAGS),
                )
                for name in PICTURES:
                    size = take(browser, address, name)
                    sys.stdout.write(f"{name}.png {size // 1000} kB\n")
                browser.close()
        finally:
            process.terminate()
            process.wait(timeout=20)
    return 0


def take(browser: Browser, address: str, name: str) -> int:
    """Take one picture; returns its size in bytes."""
    who, arrive, viewport, scheme = PICTURES[name]
    page = browser.new_page(
        base_url=address, viewport=viewport, color_scheme=scheme, locale="id-ID", reduced_motion="reduce",
        device_scale_factor=2 if viewport is PHONE else 1,
    )  # fmt: skip
    sign_in(page, who)
    arrive(page)
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    content = squeezed(page.screenshot(animations="disabled", caret="hide"))
    page.close()
    (FOLDER / f"{name}.png").write_bytes(content)
    return len(content)


def squeezed(content: bytes) -> bytes:
    """Return the picture with 256 colours and the best compression, or as it was if that is smaller."""
    picture = Image.open(BytesIO(content)).convert("RGB")
    out = BytesIO()
    picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return min(content, out.getvalue(), key=len)


if __name__ == "__main__":
    sys.exit(main())
