"""A real Chromium against the real server with the living demo."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from lms.demo.people import PASSWORD
from tests import run
from tests.serving import start_server

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demo."""
    process, address = start_server(tmp_path_factory.mktemp("demo"))
    try:
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = os.environ.get("PANDU_TEST_CHROMIUM") or run.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


class Watch:
    """Listens to a page and notes what nobody should ever see."""

    def __init__(self, server: str, *, may_lose_network: bool, may_be_refused: bool) -> None:
        self.server = server
        self.may_lose_network = may_lose_network
        self.may_be_refused = may_be_refused
        self.complaints: list[str] = []
        self.refused: set[str] = set()
        """Addresses of pages that the server refused on purpose: Chromium calls each 4xx an error."""

    def over(self, page: Page) -> None:
        """Begin to listen."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        address = message.location["url"]
        if message.type not in {"error", "warning"} or address in self.refused:
            return
        if not (self.may_lose_network and "ERR_INTERNET_DISCONNECTED" in message.text):
            self.complaints.append(f"{address}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.server, "data:")):
            self.complaints.append(f"third party: {request.url}")

    def _failed(self, request: Request) -> None:
        lost = self.may_lose_network and request.failure == "net::ERR_INTERNET_DISCONNECTED"
        if not lost and request.failure != "net::ERR_ABORTED":  # a download, or a page left while it was saving
            self.complaints.append(f"{request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status < 400:
            return
        if (self.may_be_refused or response.request.is_navigation_request()) and response.status < 500:
            self.refused.add(response.url)
        else:
            self.complaints.append(f"{response.url}: {response.status}")


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, server: str) -> Iterator[Open]:
    """`open_page("pendamping", **context)`: a signed-in page of a fresh context.

    At the end the test fails if the console complained, a request failed or went to a third party. Say
    `may_lose_network=True` where the test itself takes the network away, `may_be_refused=True` where it ends a session.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def opened(who: str = "", *, may_lose_network: bool = False, may_be_refused: bool = False, **options: Any) -> Page:
        context = chromium.new_context(base_url=server, locale="id-ID", **{"viewport": PHONE, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        watches.append(Watch(server, may_lose_network=may_lose_network, may_be_refused=may_be_refused))
        context.on("page", watches[-1].over)
        page = context.new_page()
        if who:
            sign_in(page, who)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [complaint for watch in watches for complaint in watch.complaints] == []


def sign_in(page: Page, who: str) -> None:
    """Sign in through the form."""
    page.goto("/masuk")
    page.get_by_label("NIP atau surel").fill(f"{who}@contoh.example")
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "/masuk" not in url)
