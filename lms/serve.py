"""`python -m lms.serve`: migrate, import the packs, build the demo once, then serve with granian."""

import logging
import os
import sys
from pathlib import Path

from flask_migrate import upgrade
from granian import Granian
from granian.constants import Interfaces

from lms import config
from lms.app import create_app
from lms.authoring.actions import packs as pack_actions
from lms.demo import build
from lms.extensions import db
from lms.kernel import errors
from lms.outside import packs

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"

log = logging.getLogger("pandu")


def main() -> None:
    """Prepare and serve; a problem with the settings ends in one clear message."""
    try:
        settings = config.from_environment()
    except config.BadSettings as error:
        sys.exit(str(error))
    host, port = os.environ.get("HOST", "127.0.0.1"), _port()
    prepare(settings)
    sys.stderr.write(f"\nPandu: http://{host}:{port}\n\n")
    Granian(
        "lms.app:create_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=int(os.environ.get("WORKERS", "2")),
        blocking_threads=1,
        log_access=False,
    ).serve()


def prepare(settings: config.Settings) -> None:
    """Bring the database and its content up to date; fill an empty demo."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        if settings.content_dir.is_dir():
            _import(settings)
        if settings.demo and (number := build.build()):
            log.warning("demo: %d companions", number)
        db.engine.dispose()


def _import(settings: config.Settings) -> None:
    try:
        done = pack_actions.import_pack(actor=None, files=packs.read_folder(settings.content_dir))
    except errors.Refused:
        sys.exit(f"The packs in {settings.content_dir} have errors; `flask content check` lists them.")
    log.warning("content: %d new, %d changed", len(done.created), len(done.updated))


def _port() -> int:
    text = os.environ.get("PORT", "8000")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535):
        sys.exit(f"PORT={text!r}: write a number from 1 to 65535")
    return int(text)


if __name__ == "__main__":
    main()
