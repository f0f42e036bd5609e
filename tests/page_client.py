"""A browser without script for tests: it finds forms and links in the page, and checks every page it gets."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from lms.extensions import db
from tests.queries import Queries

MAX_STATEMENTS = 14
"""The handful that a page may cost unless a test says fewer."""

_UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


@dataclass
class Form:
    """A form found in a page, with the values it would send."""

    action: str
    method: str
    values: MultiDict[str, Any]
    names: set[str]
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """(text, name, value) of each submit button."""


class Page:
    """A parsed answer."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response = response
        self.url = url
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.is_html = response.mimetype == "text/html" and bool(response.data)
        self.source = response.get_data(as_text=True) if self.is_html else ""
        self.root: Element = (
            html5lib.parse(self.source, namespaceHTMLElements=False) if self.is_html else Element("html")
        )

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return elements by tag and exact attributes (`class_` means: has this class)."""
        wanted = attributes.pop("class_", None)
        return [
            element
            for element in self.root.iter(tag)
            if all(element.get(name.replace("_", "-")) == value for name, value in attributes.items())
            and (wanted is None or wanted in (element.get("class") or "").split())
        ]

    @property
    def text(self) -> str:
        """The words of `<main>` (or the body), single-spaced."""
        main = next(self.root.iter("main"), None)
        return text_of(main if main is not None else self.root)

    @property
    def h1(self) -> str:
        """The words of the page's heading."""
        return text_of(self.all("h1")[0])

    def link(self, words: str) -> str:
        """Return the address of the first link whose text contains the words."""
        for element in self.root.iter("a"):
            if words in text_of(element) and element.get("href"):
                return urljoin(self.url, element.get("href", ""))
        raise AssertionError(f"no link {words!r} on {self.url}; there are {[text_of(a) for a in self.root.iter('a')]}")

    def form(self, words: str = "", *, action: str = "") -> Form:
        """Return the first form whose button contains the words (and whose action contains `action`)."""
        for element in self.root.iter("form"):
            found = _read_form(element, self.url)
            if action in found.action and any(words in text for text, _, _ in found.buttons):
                return found
        raise AssertionError(f"no form with a button {words!r} on {self.url}")


class PageClient:
    """Signs in through the real form, follows links by their words, submits forms as found."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()
        self.page: Page | None = None

    def get(self, path: str, *, max_statements: int = MAX_STATEMENTS, check: bool = True, **kwargs: Any) -> Page:
        """Get a path; fail if the request writes, costs too many statements or the page is unsound."""
        db.session.commit()
        recorder = Queries(db._app_engines[self.app][None])
        with recorder as seen:
            response = self.send("GET", path, **kwargs)
        recorder.close()
        assert not seen.writes, f"GET {path} wrote: {seen.writes}"
        assert len(seen.statements) <= max_statements, (
            f"GET {path} cost {len(seen.statements)} statements:\n" + "\n".join(seen.statements)
        )
        return self._keep(response, path, check=check)

    def send(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """Send a request as a server gets it: in a context of its own, seeing what the test has written so far."""
        db.session.commit()
        with self.app.app_context():
            response = self.http.open(path, method=method, **kwargs)
        db.session.expire_all()
        return response

    def post(self, path: str, data: Any = None, *, check: bool = True, **kwargs: Any) -> Page:
        """Post raw values, with the CSRF token of the last page if they have none."""
        values = {"csrf_token": self.token(), **(data or {})}
        return self._keep(self.send("POST", path, data=values, **kwargs), path, check=check)

    def submit(self, form: Form, button: str = "", **values: Any) -> Page:
        """Fill the named fields (a list fills one name several times) and send the form."""
        data = MultiDict(form.values)
        for name, value in values.items():
            assert name in form.names, f"the form has no field {name!r}; it has {sorted(form.names)}"
            data.setlist(name, value if isinstance(value, list) else [value])
        for text, name, value in form.buttons:
            if name and button and button in text:
                data[name] = value
        if form.method == "get":
            return self.get(form.action, query_string=data)
        return self._keep(self.send("POST", form.action, data=data), form.action)

    def follow(self, page: Page) -> Page:
        """Follow a redirect."""
        assert page.status in (301, 302, 303), f"{page.url} answered {page.status}: {page.text[:300]}"
        parts = urlsplit(urljoin(page.url, page.location))
        return self.get(parts.path + (f"?{parts.query}" if parts.query else ""))

    def click(self, words: str) -> Page:
        """Follow the link with these words on the last page."""
        assert self.page is not None
        return self.get(self.page.link(words))

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in through the form and return the first page."""
        form = self.get("/masuk").form(action="/masuk")
        return self.follow(self.follow(self.submit(form, identifier=email, password=password)))

    def token(self) -> str:
        """Return a CSRF token for the session, from the sign-in or any page."""
        for element in self.page.root.iter("input") if self.page else ():
            if element.get("name") == "csrf_token":
                return element.get("value", "")
        page = self.get("/masuk") if self.page is None else self.get("/saya")
        return next(e.get("value", "") for e in page.root.iter("input") if e.get("name") == "csrf_token")

    def _keep(self, response: TestResponse, path: str, *, check: bool = True) -> Page:
        page = Page(response, path)
        if page.is_html:
            self.page = page
            if check:
                assert_sound(page)
        return page


def text_of(element: Element) -> str:
    """Return the words inside an element, single-spaced."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def assert_sound(page: Page) -> None:
    """Check the house rules that hold for every page."""
    root, where = page.root, f"{page.url} ({page.status})"
    headings = page.all("h1")
    assert len(headings) == 1, f"{where}: {len(headings)} h1"
    title = text_of(page.all("title")[0])
    assert title.startswith(text_of(headings[0])), f"{where}: title {title!r} does not repeat the h1 {page.h1!r}"
    assert root.get("lang") in ("id", "en"), f"{where}: no language"
    found = [element.get("id") for element in root.iter() if element.get("id")]
    doubled = {each for each in found if found.count(each) > 1}
    assert not doubled, f"{where}: doubled ids {doubled}"
    for element in root.iter():
        _assert_element(element, where)
    _assert_labels(root, where)
    for form in root.iter("form"):
        _assert_form(form, where)


def _assert_element(element: Element, where: str) -> None:
    if not isinstance(element.tag, str):
        return
    for name in element.attrib:
        assert not name.startswith("on"), f"{where}: {element.tag} has {name}"
        assert name != "style" or element.tag == "svg", f"{where}: {element.tag} has an inline style"
    if element.tag == "img":
        assert element.get("alt") is not None, f"{where}: image {element.get('src')} without alt"
    if element.tag == "script":
        assert element.get("src") or element.get("type") == "importmap", f"{where}: inline script"
    if element.tag == "a":
        assert element.get("href"), f"{where}: link without address: {text_of(element)!r}"


def _assert_labels(root: Element, where: str) -> None:
    labelled = {label.get("for") for label in root.iter("label")}
    nested = {id(field) for label in root.iter("label") for field in label.iter()}
    for tag in ("input", "select", "textarea"):
        for element in root.iter(tag):
            if tag == "input" and (element.get("type") or "text") in _UNLABELLED:
                continue
            named = element.get("id") in labelled or id(element) in nested
            assert named or element.get("aria-label") or element.get("aria-labelledby"), (
                f"{where}: field {element.get('name')!r} has no label"
            )


def _assert_form(form: Element, where: str) -> None:
    method = (form.get("method") or "").lower()
    assert method in ("get", "post"), f"{where}: form without method"
    assert form.get("action") is not None, f"{where}: form without action"
    names = [element.get("name") for element in form.iter("input")]
    if method == "post":
        assert "csrf_token" in names, f"{where}: form {form.get('action')} without CSRF token"


def _read_form(element: Element, base: str) -> Form:
    form = Form(
        urljoin(base, element.get("action") or base), (element.get("method") or "get").lower(), MultiDict(), set()
    )
    for each in element.iter():
        name = each.get("name", "")
        if each.tag == "button" or (each.tag == "input" and each.get("type") == "submit"):
            form.buttons.append((text_of(each) or each.get("value", ""), name, each.get("value", "")))
        elif each.tag in ("input", "select", "textarea") and name:
            form.names.add(name)
            for value in _values(each):
                form.values.add(name, value)
    return form


def _values(element: Element) -> list[str]:
    if element.tag == "textarea":
        return ["".join(element.itertext()).removeprefix("\n")]
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        if not chosen and element.get("multiple") is None:
            chosen = options[:1]
        return [option.get("value", text_of(option)) for option in chosen]
    kind = element.get("type") or "text"
    if kind in ("checkbox", "radio") and element.get("checked") is None:
        return []
    return [] if kind == "file" else [element.get("value", "on" if kind == "checkbox" else "")]
