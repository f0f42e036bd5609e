"""Questions in and out of a quiz: a file is shown first, confirmed, and only then becomes part of the draft."""

import base64
import binascii
from contextlib import closing

from flask import Response as Reply
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import queries, reasons
from lms.authoring.actions import interchange
from lms.authoring.forms import QUESTION_KINDS, ExchangeForm
from lms.authoring.routes.blueprint import blueprint
from lms.kernel import errors
from lms.kernel.documents import DocumentKind
from lms.rules.interchange import WRITTEN, Format

Answer = str | Response | tuple[str, int]

ENDINGS = {Format.GIFT: ("gift.txt", "text/plain"), Format.MOODLE_XML: ("xml", "application/xml")}


@blueprint.get("/susun/<code>/impor")
@requires(Permission.CONTENT_EDIT)
def import_new(code: str) -> Answer:
    return render_template("authoring/import.html", desk=_quiz(code), form=ExchangeForm())


@blueprint.post("/susun/<code>/impor")
@requires(Permission.CONTENT_EDIT)
def import_preview(code: str) -> Answer:
    form, desk = ExchangeForm(), _quiz(code)
    content = _content(form)
    if not form.validate() or content is None:
        form.file.errors = [*form.file.errors, *([] if content else [_("Choose a file.")])]
        return render_template("authoring/import.html", desk=desk, form=form), 422
    try:
        return _preview(desk, form, content)
    except errors.Refused as error:
        return _refused(desk, form, error)


@blueprint.post("/susun/<code>/impor/penerapan")
@requires(Permission.CONTENT_EDIT)
def import_apply(code: str) -> Answer:
    form, desk = ExchangeForm(), _quiz(code)
    content = _content(form)
    if not form.validate() or content is None:
        form.file.errors = [_("Choose a file.")]
        return render_template("authoring/import.html", desk=desk, form=form), 422
    try:
        number = interchange.bring(
            actor=current.actor(), code=code, content=content, form=Format(form.format.data), version=form.version.data
        )
    except errors.Conflict:
        return _preview(queries.desk(code), form, content, is_conflict=True), 409
    except errors.Refused as error:
        return _refused(desk, form, error)
    flash(
        ngettext("%(num)d question was added to the draft.", "%(num)d questions were added to the draft.", number),
        "leaf",
    )
    return redirect(url_for("authoring.editor", code=code), code=303)


@blueprint.get("/susun/<code>/ekspor")
@requires(Permission.CONTENT_EDIT)
def export_choice(code: str) -> str:
    files = [(form, interchange.export(actor=current.actor(), code=code, form=form)) for form in WRITTEN]
    return render_template("authoring/export.html", desk=_quiz(code), files=files, sentence=reasons.sentence)


@blueprint.get("/susun/<code>/ekspor/<form>")
@requires(Permission.CONTENT_EDIT)
def export_file(code: str, form: str) -> Reply:
    if form not in set(WRITTEN):
        raise errors.NotFound("no_such_format", form=form)
    made = interchange.export(actor=current.actor(), code=code, form=Format(form))
    ending, kind = ENDINGS[Format(form)]
    disposition = f'attachment; filename="{code}.{ending}"'
    return Reply(made.text, mimetype=kind, headers={"Content-Disposition": disposition})


def _quiz(code: str) -> queries.Desk:
    desk = queries.desk(code)
    if desk.kind is not DocumentKind.QUIZ:
        raise errors.NotFound("no_such_quiz", code=code)
    return desk


def _content(form: ExchangeForm) -> bytes | None:
    """The file: as sent, or as the page of the preview kept it."""
    if form.file.data:
        with closing(form.file.data) as upload:
            return bytes(upload.read(interchange.LARGEST_UPLOAD + 1))
    try:
        return base64.b64decode(form.kept.data or "", validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _preview(desk: queries.Desk, form: ExchangeForm, content: bytes, *, is_conflict: bool = False) -> str:
    made = interchange.look(actor=current.actor(), code=desk.code, content=content, form=Format(form.format.data))
    kept = ExchangeForm(
        formdata=None, format=form.format.data, version=desk.sheet.version, kept=base64.b64encode(content).decode()
    )
    return render_template(
        "authoring/import_preview.html",
        desk=desk,
        form=kept,
        made=made,
        sentence=reasons.sentence,
        kinds=QUESTION_KINDS,
        is_conflict=is_conflict,
    )


def _refused(desk: queries.Desk, form: ExchangeForm, error: errors.Refused) -> Answer:
    form.file.errors = [reasons.of(error.code, error.values)]
    return render_template("authoring/import.html", desk=desk, form=form), 422
