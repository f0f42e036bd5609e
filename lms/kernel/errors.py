"""What can go wrong, as codes; `web/errors.py` turns each into a page, forms into sentences."""


class DomainError(Exception):
    """A refusal with a code for the reader's sentence and the values that the sentence names."""

    def __init__(self, code: str = "", /, **values: object) -> None:
        super().__init__(code or type(self).__name__)
        self.code = code
        self.values = values


class NotFound(DomainError):
    """There is no such thing, or it is not visible to this person (404)."""


class NotAllowed(DomainError):
    """It is visible, but not this person's to do (403)."""


class Conflict(DomainError):
    """Someone was faster, or the thing is no longer in the expected state (409)."""


class Refused(DomainError):
    """The input breaks a rule; `field` names the form field it belongs to (422)."""

    def __init__(self, code: str, /, *, field: str | None = None, **values: object) -> None:
        super().__init__(code, **values)
        self.field = field


class TooMany(DomainError):
    """Asked too often; `wait_s` is how many seconds to wait (429)."""

    def __init__(self, code: str, /, *, wait_s: int) -> None:
        super().__init__(code, wait_s=wait_s)
        self.wait_s = wait_s
