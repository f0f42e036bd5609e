"""Every page that a role can reach, in both schemes: accessible, quiet, never wider than the window, within budget."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.pages import crawl

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LESSON = "/belajar/mrs/mrs-4-2"
FORMS = [
    ("", "/masuk", "Masuk"),
    ("", "/lupa-sandi", "Kirim"),
    ("pendamping", "/saya/sandi", "Simpan"),
    ("admin", "/orang/baru", "Tambahkan"),
    ("admin", "/angkatan/baru", "Buat"),
]
"""(who, form, part of its button's text)"""


@pytest.fixture(scope="session")
def reach(server: str) -> dict[str, list[str]]:
    """Role → one page of each kind that she can reach."""
    return {who: crawl.pages(crawl.Browser(server, who)) for who in crawl.ROLES}


@pytest.fixture(scope="session")
def shown() -> set[str]:
    """What axe-core has already looked at, as LOOKS describes it."""
    return set()


FLAT = """
for (const each of document.querySelectorAll(".dock, .tabs")) each.style.position = "static"
"""
"""Lay the bars flat: what can be scrolled out from under them is not obscured."""

TWICE = """
const root = document.documentElement
root.style.fontSize = `${2 * parseFloat(getComputedStyle(root).fontSize)}px`
"""

AS_BEFORE = """
for (const each of document.querySelectorAll("html, .dock, .tabs")) each.style.position = each.style.fontSize = ""
"""

LOOKS = """() => {
  const data = new Set(`action alt aria-controls aria-describedby aria-label aria-labelledby content d datetime for
    formaction height href id name points src title transform value viewBox width x y`.split(/\\s+/))
  const look = (element, folds) => {
    const within = folds || element.localName === "main"
    const marks = [...element.attributes].map(({ name, value }) => data.has(name) ? name : `${name}=${value}`).sort()
    const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    const parts = [...element.children].map((child) => look(child, within))
    return `<${element.localName} ${marks}${says ? " says" : ""}>${(within ? [...new Set(parts)] : parts).join("")}</>`
  }
  const dress = [...document.styleSheets].map((sheet) => sheet.href) + document.body.className
  return [...document.body.children].map((part) => dress + look(part, false))
}"""
"""Each part of the body without its data: elements in their order, classes, states, roles; the same twice inside of `main`,
such as the rows of a table, once. Parts that are alike here differ in words only, in which axe-core finds nothing new."""


def violations(page: Page, only: str | None = None) -> Iterator[str]:
    """Yield what axe-core finds, a line each; `only` names one rule."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    chosen = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": RULES}
    options = {"runOnly": chosen, "resultTypes": ["violations"], "preload": False}
    for each in page.evaluate("(options) => axe.run(options)", options)["violations"]:
        for node in each["nodes"]:
            yield f"{each['id']}: {node['target']} {node['failureSummary'][:200]}"


def overflow(page: Page) -> Iterator[str]:
    """Yield a line if the page scrolls sideways."""
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if width > 0:
        yield f"{width} px too wide"


def barriers(page: Page, *, in_dark: bool = True) -> Iterator[str]:
    """Yield what axe-core finds in light and, where asked, in dark: the colours of both are the same in every window."""
    page.evaluate(FLAT)
    yield from violations(page)
    if not in_dark:
        return
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    yield from (f"in dark: {each}" for each in violations(page, "color-contrast"))
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def cramped(page: Page) -> Iterator[str]:
    """Yield a line if the page scrolls sideways, as it is and with twice the text size."""
    yield from overflow(page)
    page.evaluate(TWICE)
    yield from (f"with twice the text: {each}" for each in overflow(page))
    page.evaluate(AS_BEFORE)


def test_every_endpoint_with_a_page_is_reached(reach: dict[str, list[str]]) -> None:
    urls = crawl.url_map()
    reached = {kind[0] for paths in reach.values() for path in paths if (kind := crawl.kind_of(urls, path))}
    there = {rule.endpoint for rule in urls.iter_rules() if "GET" in (rule.methods or ())}
    assert there - crawl.FILES - reached == set()


@pytest.mark.parametrize("who", crawl.ROLES, ids=lambda who: who or "nobody")
def test_every_page_is_accessible_quiet_and_as_wide_as_its_window(
    open_page: Open, reach: dict[str, list[str]], shown: set[str], who: str
) -> None:
    """All pages are opened once and seen in both windows; axe-core looks at those that show something it has not seen.

    Two roles see most pages alike, as do two quizzes in the editor: half of the pages would only be looked at again.
    """
    page = open_page(who, color_scheme="light", reduced_motion="reduce")
    problems = []
    for path in reach[who]:
        page.set_viewport_size(PHONE)
        page.goto(path)
        looks = set(page.evaluate(LOOKS))
        for window in (PHONE, DESKTOP):
            page.set_viewport_size(window)
            found = [*cramped(page), *(barriers(page, in_dark=window is PHONE) if looks - shown else ())]
            problems += [f"{path}, {window['width']} px: {each}" for each in found]
        shown |= looks
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(("who", "path", "button"), FORMS)
def test_a_refused_form_leads_to_its_fields(open_page: Open, who: str, path: str, button: str) -> None:
    page = open_page(who)
    page.goto(path)
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.locator("main").get_by_role("button", name=button).click()
    assert answer.value.status == 422
    page.wait_for_load_state("load")
    assert [*cramped(page), *barriers(page)] == []
    first = page.get_by_role("alert").get_by_role("link").first
    first.click()
    assert page.evaluate("document.activeElement.matches('input, select, textarea')")


def test_a_quiz_is_accessible_at_every_question(open_page: Open) -> None:
    page = open_page("pendamping", reduced_motion="reduce")
    page.goto("/belajar/mtk/mtk-5-kuis")
    page.get_by_role("button", name=re.compile("Mulai kuis|Lanjutkan kuis|Coba lagi")).click()
    problems = []
    for number, step in enumerate(page.locator(".strip button").all(), start=1):
        step.click()
        problems += [f"question {number}: {each}" for each in (*violations(page), *overflow(page))]
    assert problems == []


def transfer(page: Page, path: str) -> tuple[int, list[str]]:
    """Return the compressed bytes and the addresses of a page loaded with an empty cache."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    sizes: list[int] = []
    addresses: list[str] = []

    def asked(event: dict[str, dict[str, str]]) -> None:
        if event["request"]["method"] == "GET":
            addresses.append(event["request"]["url"])

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return sum(sizes), addresses


@pytest.mark.parametrize(("who", "path", "bytes_at_most"), [("pendamping", LESSON, 14_600), ("", "/masuk", 10_000)])
def test_budget_of_a_cold_page(open_page: Open, who: str, path: str, bytes_at_most: int) -> None:
    size, addresses = transfer(open_page(who), path)
    assert len(addresses) <= 4, addresses
    assert size <= bytes_at_most, (size, addresses)
