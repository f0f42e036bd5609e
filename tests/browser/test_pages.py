"""Every page, for every role, in both schemes: accessible, nothing wider than a phone, within the budgets."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, Open

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "": ["/masuk", "/lupa-sandi", "/lupa-sandi/terkirim", "/sandi-baru/x", "/tidak-ada"],
    "pendamping": [
        "/beranda", "/belajar", "/belajar/mrs", "/belajar/mrs/mrs-4-2", "/belajar/mrs/mrs-4-kuis", "/capaian", "/saya",
        "/saya/sandi",
    ],
    "pelatih": [
        "/susun", "/susun/mrs-4-2", "/susun/mrs-4-kuis", "/susun/mrs-4-2/riwayat", "/susun/mrs-4-2/riwayat/1",
        "/susun/mrs-4-2/banding?lama=1&baru=2", "/susun/mrs-4/baru", "/susun/mrs-4/gambar", "/susun/mrs-4-kuis/hasil",
    ],
    "direktorat": [
        "/laporan/penuntasan", "/laporan/penuntasan?paket=semua", "/laporan/penuntasan/orang?provinsi=ID-JI",
        "/laporan/penuntasan/orang?keadaan=lewat", "/laporan/penuntasan?dari=2031-01-01&angkatan=zzz",
    ],
    "admin": [
        "/orang", "/orang?cari=zzzz", "/orang/baru", "/angkatan", "/angkatan/angkatan-1", "/angkatan/baru",
        "/jejak-audit",
    ],
}  # fmt: skip
CASES = [(who, path) for who, paths in PAGES.items() for path in paths]


def violations(page: Page) -> list[str]:
    """Return what axe-core finds, a line each."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary'][:200]}" for each in found for node in each["nodes"]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("who", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    open_page: Open, who: str, scheme: str, viewport: dict[str, int]
) -> None:
    page = open_page(who, quiet=False, color_scheme=scheme, viewport=viewport, bypass_csp=True, reduced_motion="reduce")
    problems = []
    for path in PAGES[who]:
        page.goto(path)
        problems += [f"{path}: {each}" for each in violations(page)]
        problems += [f"{path}: {overflow(page)} px too wide"] if overflow(page) else []
    assert problems == []


def test_results_and_papers_are_accessible_too(open_page: Open) -> None:
    page = open_page("pendamping", quiet=False, bypass_csp=True)
    page.goto("/belajar/mrs/mrs-4-kuis")
    result = page.get_by_role("link", name=re.compile("Percobaan 1")).first.get_attribute("href")
    page.goto(result or "")
    assert violations(page) == []
    page.goto("/belajar/mtk/mtk-5-kuis")
    page.get_by_role("button", name=re.compile("Mulai kuis|Lanjutkan kuis|Coba lagi")).click()
    for _ in range(9):
        assert violations(page) == []
        page.get_by_role("button", name="Berikutnya").click()


@pytest.mark.parametrize(("who", "path"), CASES)
def test_twice_the_text_size_never_scrolls_sideways(open_page: Open, who: str, path: str) -> None:
    page = open_page(who, quiet=False)
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '34px'")
    assert overflow(page) == 0


def transfer(page: Page, path: str) -> tuple[int, list[str]]:
    """Return the compressed bytes and addresses of a cold page load."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    sizes: list[int] = []
    addresses: list[str] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    session.on(
        "Network.requestWillBeSent",
        lambda event: addresses.append(event["request"]["url"]) if event["request"]["method"] == "GET" else None,
    )
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return sum(sizes), addresses


def test_budgets_of_a_cold_lesson_and_of_the_door(open_page: Open) -> None:
    page = open_page("pendamping")
    size, addresses = transfer(page, "/belajar/mrs/mrs-4-2")
    assert len(addresses) <= 4, addresses
    assert size <= 14_600, (size, addresses)
    door = open_page()
    size, addresses = transfer(door, "/masuk")
    assert size <= 10_000, (size, addresses)
