"""Migrations both ways, on a database with content and facts in it."""

from pathlib import Path
from uuid import uuid4

from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from lms.app import create_app
from lms.authoring.actions import marking
from lms.authoring.queue import Place
from lms.config import Settings
from lms.extensions import db
from lms.kernel import clock
from lms.learning import actions
from tests import builders
from tests import cast as casting
from tests.conftest import NOON, empty_database

MIGRATIONS = str(Path(__file__).parents[3] / "migrations")
ESSAY = "## Ceritakan satu kunjungan. {#e1 points=4}\n\n___\n\n- rubrik: lengkap (4)\n"


def live() -> None:
    """Content of several kinds, an attempt, an essay marked."""
    casting.settle()
    more = {
        "glosarium.md": builders.glossary_md(),
        "dukungan/1-awal/kasus.md": builders.simulation_md(),
        "dukungan/1-awal/kuis.md": builders.quiz_md(body=ESSAY),
    }
    builders.add_content(builders.small_pack() | {path: text.encode() for path, text in more.items()})
    cast = casting.load()
    uid = actions.start_attempt(actor=cast.cleo, course="uji", code="uji-1-kuis", uid=str(uuid4()))
    held = actions.hold_attempt(actor=cast.cleo, course="uji", code="uji-1-kuis", uid=uid)
    actions.submit_attempt(actor=cast.cleo, held=held, responses={"e1": "Sudah."})
    marking.mark(actor=cast.tara, place=Place(uid, "e1"), points=[3], comment="", based_on=0, move_on=False)
    db.session.remove()


def test_all_the_way_down_and_up_again(tmp_path: Path) -> None:
    with empty_database(tmp_path, "stairs") as url:
        app = create_app(Settings(secret_key="t" * 40, data_dir=tmp_path, database_url=url, testing=True))
        with app.app_context(), clock.frozen(NOON):
            upgrade(directory=MIGRATIONS)
            live()
            downgrade(directory=MIGRATIONS, revision="base")
            assert inspect(db.engine).get_table_names() == ["alembic_version"]
            upgrade(directory=MIGRATIONS)
            live()
            db.session.remove()
            db.engine.dispose()
