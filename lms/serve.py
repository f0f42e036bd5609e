"""`python -m lms.serve`: migrate, import the packs, build the demo once, then serve with granian."""

import logging
import os
import sys
import threading
import time
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy.exc import SQLAlchemyError

from lms import config
from lms.app import create_app
from lms.authoring import statistics
from lms.authoring.actions import packs as pack_actions
from lms.demo import build
from lms.extensions import db
from lms.kernel import errors
from lms.models import clocks
from lms.outside import packs

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"

BEAT_S = 20
"""Seconds between two beats: less than half of what counts as silence (`rules/clocks.py`)."""

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
        "lms.serve:worker",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=int(os.environ.get("WORKERS", "2")),
        blocking_threads=1,
        log_access=False,
    ).serve()


def worker() -> Flask:
    """Build the application of one process, and let it say from then on that it is there."""
    app = create_app()
    threading.Thread(target=_beat, args=(app,), name="beat", daemon=True).start()
    return app


def _beat(app: Flask) -> None:
    while True:
        with app.app_context():
            try:
                clocks.beat()
            except SQLAlchemyError:
                log.exception("no beat")
            db.session.remove()
        time.sleep(BEAT_S)


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
            statistics.keep_all(settings.figures_dir)
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
