"""Mail: SMTP when configured, otherwise files in the data folder that `flask mail list` shows."""

import logging
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Protocol

from lms.config import Settings
from lms.kernel import clock, ids

log = logging.getLogger(__name__)

TIMEOUT_S = 10


@dataclass(frozen=True)
class Message:
    """One message to one person, in plain text."""

    to: str
    subject: str
    text: str


class Transport(Protocol):
    """Whatever takes a message from here."""

    def send(self, message: EmailMessage) -> None:
        """Take the message or raise OSError."""


@dataclass(frozen=True)
class Folder:
    """Keeps messages as files: the default, the demo's mailbox, and the twin for tests."""

    path: Path

    def send(self, message: EmailMessage) -> None:
        """Write `<instant>-<id>.eml`."""
        self.path.mkdir(parents=True, exist_ok=True)
        name = f"{clock.now():%Y%m%d-%H%M%S-%f}-{ids.short()}.eml"
        target = self.path / name
        target.touch(mode=0o600)
        target.write_bytes(message.as_bytes(policy=SMTP))

    def files(self) -> list[Path]:
        """Return the kept messages, oldest first."""
        return sorted(self.path.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)


@dataclass(frozen=True)
class Smtp:
    """A submission server; always with TLS when it offers it."""

    host: str
    port: int
    user: str
    password: str

    def send(self, message: EmailMessage) -> None:
        """Hand the message to the server."""
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls()
                server.ehlo()
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)


@dataclass
class Post:
    """The post office of this process: configured once by the factory."""

    sender: str = "Pandu <pandu@contoh.example>"
    transport: Transport | None = None
    fallback: Folder | None = None

    def send(self, message: Message) -> None:
        """Send; what a server will not take is kept as a file and logged, and the person's request still succeeds."""
        letter = _letter(message, self.sender)
        try:
            (self.transport or self._folder()).send(letter)
        except (OSError, smtplib.SMTPException):
            log.exception("mail could not be sent, kept in the mail folder")
            self._folder().send(letter)

    def _folder(self) -> Folder:
        if self.fallback is None:
            raise RuntimeError("mail is not configured")
        return self.fallback


post = Post()


def configure(settings: Settings) -> None:
    """Open the post office: SMTP when a host is given, the folder otherwise."""
    post.sender = settings.mail_from
    post.fallback = Folder(settings.data_dir / "mail")
    post.transport = None
    if settings.smtp_host:
        post.transport = Smtp(settings.smtp_host, settings.smtp_port, settings.smtp_user, settings.smtp_password)


def _letter(message: Message, sender: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = message.to
    letter["Subject"] = message.subject
    letter["Date"] = formatdate(clock.now().timestamp())
    letter["Message-ID"] = make_msgid(domain="pandu.invalid")
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    return letter
