"""Settings: every key, its type, its default and why; read from the environment only, all problems at once."""

import contextlib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


class BadSettings(Exception):
    """The environment cannot be used; the message lists every problem."""


@dataclass(frozen=True)
class Settings:
    """All of Pandu's settings. Defaults are right for production, or there is none."""

    secret_key: str
    """PANDU_SECRET_KEY: signs sessions and one-time links; at least 32 characters, no default outside the demo."""
    data_dir: Path
    """PANDU_DATA_DIR: where the SQLite file, built assets and unsent mail live; default `./data`."""
    database_url: str
    """PANDU_DATABASE_URL: `sqlite:///…` or `postgresql+psycopg://…`; default a SQLite file in the data folder."""
    demo: bool = False
    """PANDU_DEMO=1: fill an empty database with sample people and say so on every page; never for real use."""
    base_url: str = "http://127.0.0.1:8000"
    """PANDU_BASE_URL: how mailed links begin; default the address that `make run` serves."""
    https: bool = False
    """Derived: cookies are Secure when the base URL is https."""
    smtp_host: str = ""
    """PANDU_SMTP_HOST: empty means that messages are written to files in the data folder."""
    smtp_port: int = 587
    """PANDU_SMTP_PORT: submission port."""
    smtp_user: str = ""
    """PANDU_SMTP_USER: empty means no authentication."""
    smtp_password: str = field(default="", repr=False)
    """PANDU_SMTP_PASSWORD: never shown, never logged."""
    mail_from: str = "Pandu <pandu@contoh.example>"
    """PANDU_MAIL_FROM: the sender of every message."""
    proxies: int = 0
    """PANDU_PROXIES: how many trusted reverse proxies stand in front; 0 trusts no forwarded address."""
    max_body: int = 2_000_000
    """PANDU_MAX_BODY: the largest request body in bytes; a lesson is 60 kB, an image at most 1 MB."""
    jp_cap: int = 24
    """PANDU_JP_CAP: counted JP a contract year of a PPPK; a setting because the rule may change."""
    content_dir: Path = Path("content")
    """PANDU_CONTENT_DIR: the packs that `make run` imports; default `./content`."""
    testing: bool = False
    """Set by the test suite only."""

    @property
    def figures_dir(self) -> Path:
        """Where the figures of quizzes are kept."""
        return self.data_dir / "figures"


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def text(self, key: str, default: str = "") -> str:
        return self.environ.get(key, "").strip() or default

    def number(self, key: str, default: int, *, low: int, high: int) -> int:
        raw = self.text(key, str(default))
        if raw.isascii() and raw.isdigit() and low <= int(raw) <= high:
            return int(raw)
        self.problems.append(f"{key}={raw!r}: write a whole number from {low} to {high}")
        return default

    def flag(self, key: str) -> bool:
        raw = self.text(key, "0")
        if raw not in {"0", "1"}:
            self.problems.append(f"{key}={raw!r}: write 1 or 0")
        return raw == "1"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Build the settings; raise BadSettings with all problems in one message."""
    read = _Reader(os.environ if environ is None else environ)
    demo = read.flag("PANDU_DEMO")
    data_dir = Path(read.text("PANDU_DATA_DIR", "data")).resolve()
    base_url = read.text("PANDU_BASE_URL", f"http://127.0.0.1:{read.text('PORT', '8000')}").rstrip("/")
    settings = Settings(
        secret_key=_secret_key(read, demo, data_dir),
        data_dir=data_dir,
        database_url=_database_url(read, data_dir),
        demo=demo,
        base_url=base_url,
        https=base_url.startswith("https://"),
        smtp_host=read.text("PANDU_SMTP_HOST"),
        smtp_port=read.number("PANDU_SMTP_PORT", Settings.smtp_port, low=1, high=65_535),
        smtp_user=read.text("PANDU_SMTP_USER"),
        smtp_password=read.text("PANDU_SMTP_PASSWORD"),
        mail_from=read.text("PANDU_MAIL_FROM", Settings.mail_from),
        proxies=read.number("PANDU_PROXIES", Settings.proxies, low=0, high=5),
        max_body=read.number("PANDU_MAX_BODY", Settings.max_body, low=100_000, high=50_000_000),
        jp_cap=read.number("PANDU_JP_CAP", Settings.jp_cap, low=1, high=500),
        content_dir=Path(read.text("PANDU_CONTENT_DIR", "content")).resolve(),
    )
    if read.problems:
        raise BadSettings("Pandu cannot start:\n- " + "\n- ".join(read.problems))
    return settings


def _secret_key(read: _Reader, demo: bool, data_dir: Path) -> str:
    key = read.text("PANDU_SECRET_KEY")
    if not key and demo:
        return _kept(data_dir / "demo-secret-key", lambda: secrets.token_hex(32))
    if len(key) < 32:
        read.problems.append(
            "PANDU_SECRET_KEY: set a secret of at least 32 characters "
            '(python -c "import secrets; print(secrets.token_hex(32))"), or PANDU_DEMO=1 for a demo'
        )
    return key


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Return the file's text, written once: every worker of a demo must sign with the same key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(make(), encoding="utf-8")
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text(encoding="utf-8")


def _database_url(read: _Reader, data_dir: Path) -> str:
    url = read.text("PANDU_DATABASE_URL", f"sqlite:///{data_dir / 'pandu.sqlite3'}")
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        read.problems.append("PANDU_DATABASE_URL: write sqlite:///path or postgresql+psycopg://user@host/name")
    return url
