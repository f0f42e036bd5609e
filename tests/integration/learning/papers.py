"""What the tests of quizzes do on a paper."""

from tests.page_client import Page, PageClient

QUIZ = "/belajar/uji/uji-1-kuis"


def start(client: PageClient) -> Page:
    return client.follow(client.submit(client.get(QUIZ).form(action="/percobaan")))


def option(page: Page, words: str) -> str:
    """The value of the option whose text contains the words."""
    return next(
        next(label.iter("input")).get("value", "")
        for label in page.all("label", class_="option")
        if words in "".join(label.itertext())
    )
