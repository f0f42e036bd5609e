"""The floor: the least that a Flask application does for a signed-in page of the same size.

It loads the person with Flask-Login, does one indexed SELECT and renders a template as large as a lesson, with the same
server, the same compression and the same SQLite settings.
"""

import os
from typing import Any

from flask import Flask, request, session
from flask_compress import Compress
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Text, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from lms.models import session as transactions


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Reader(UserMixin, Base):
    __tablename__ = "readers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)


class Page(Base):
    __tablename__ = "texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    html: Mapped[str] = mapped_column(Text)


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    reader_id: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)


TEMPLATE = "<!doctype html><html lang=id><head><title>{{ name }}</title></head><body>{{ html | safe }}</body></html>"


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="floor" * 8, SQLALCHEMY_DATABASE_URI=f"sqlite:///{os.environ['FLOOR_DATABASE']}",
        COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=4, COMPRESS_LEVEL=5,
    )  # fmt: skip
    db.init_app(app)
    with app.app_context():
        transactions.prepare(db.engine)
    login = LoginManager(app)
    template = app.jinja_env.from_string(TEMPLATE)
    Compress(app)

    @app.before_request
    def declare_intent() -> None:
        if request.method == "GET":
            transactions.intend_to_read()
        else:
            transactions.intend_to_write()

    @login.user_loader
    def load(key: str) -> Reader | None:
        return db.session.get(Reader, int(key))

    @app.get("/masuk")
    def sign_in() -> str:
        login_user(db.session.get(Reader, 1))
        session["x"] = 1
        return "ok"

    @app.get("/teks/<code>")
    @login_required
    def page(code: str) -> Any:
        text = db.session.execute(select(Page.html).where(Page.code == code)).scalar_one()
        return template.render(name="Teks", html=text)

    @app.post("/catatan")
    @login_required
    def write() -> str:
        db.session.add(Note(reader_id=1, text="x" * 200))
        db.session.commit()
        return "ok"

    return app


def fill(path: str, html: str) -> None:
    """Make the floor's database with one reader and one text."""
    os.environ["FLOOR_DATABASE"] = path
    app = create_app()
    with app.app_context():
        Base.metadata.create_all(db.engine)
        db.session.add_all([Reader(id=1, name="Sri"), Page(code="teks", html=html)])
        db.session.commit()
        db.engine.dispose()
