"""The editor: save, preview, publish. Whatever goes wrong, the text comes back."""

from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import bank, comparing, findings, queries, regrades
from lms.authoring.actions import drafts, publishing
from lms.authoring.forms import EditorForm, sentence
from lms.authoring.routes.blueprint import blueprint
from lms.kernel import documents, errors
from lms.kernel.documents import DocumentKind
from lms.rules import publishing as rules
from lms.web import filters

Answer = str | Response | tuple[str, int] | tuple[Response, int]


@dataclass(frozen=True)
class Proof:
    """The text as readers would see it, or why it cannot be laid out."""

    made: rules.Publication | None
    refusal: str = ""


@blueprint.get("/susun/<code>")
@requires(Permission.CONTENT_EDIT)
def editor(code: str) -> Answer:
    desk = queries.desk(code)
    form = EditorForm(source=desk.sheet.source, version=desk.sheet.version, based_on=desk.sheet.based_on)
    return _page(desk, form, _proof(code, desk.sheet.source))


@blueprint.post("/susun/<code>/draf")
@requires(Permission.CONTENT_EDIT)
def save_draft(code: str) -> Answer:
    form, wants_json = EditorForm(), request.accept_mimetypes.best == "application/json"
    source = form.source.data or ""
    try:
        draft = drafts.save(
            actor=current.actor(), code=code, source=source, version=form.version.data or 0, based_on=form.based_on.data
        )
    except errors.Conflict:
        return (
            (jsonify(message=_("Someone else saved this text in the meantime.")), 409)
            if wants_json
            else _both(code, source)
        )
    except errors.Refused as error:
        return _refused(code, form, error, wants_json=wants_json)
    if wants_json:
        return jsonify(
            version=draft.version, message=_("Draft saved %(time)s", time=filters.clock_time(draft.saved_at))
        ), 200
    flash(_("Draft saved."), "leaf")
    return redirect(url_for("authoring.editor", code=code), code=303)


@blueprint.post("/susun/<code>/pratinjau")
@requires(Permission.CONTENT_EDIT)
def preview(code: str) -> Answer:
    form, desk = EditorForm(), queries.desk(code)
    proof = _proof(code, form.source.data or "")
    if request.headers.get("X-Fragment"):
        return render_template("authoring/_proof.html", desk=desk, proof=proof, sentence=findings.sentence)
    return _page(desk, form, proof)


@blueprint.post("/susun/<code>/terbitan")
@requires(Permission.CONTENT_EDIT)
def publish(code: str) -> Answer:
    form = EditorForm()
    source = form.source.data or ""
    if not form.validate():
        return _page(queries.desk(code), form, _proof(code, source)), 422
    try:
        revision = publishing.publish(
            actor=current.actor(), code=code, source=source, version=form.version.data or 0, note=form.note.data or "",
            based_on=form.based_on.data,
        )  # fmt: skip
    except errors.Conflict:
        return _both(code, source)
    except errors.Refused as error:
        return _refused(code, form, error)
    flash(_("Published as revision %(number)d. Readers see it now.", number=revision.number), "leaf")
    if regrades.is_due(revision):
        flash(
            _("A key changed. What was handed in before keeps its marks: “Regrade” shows what would change."),
            "turmeric",
        )
    return redirect(url_for("authoring.editor", code=code), code=303)


@blueprint.post("/susun/<code>/draf/pembuangan")
@requires(Permission.CONTENT_EDIT)
def discard_draft(code: str) -> Answer:
    form = EditorForm()
    try:
        drafts.discard(actor=current.actor(), code=code, version=form.version.data or 0)
    except errors.Conflict:
        flash(_("Someone else saved this text in the meantime. Nothing was discarded: here it is."), "turmeric")
        return redirect(url_for("authoring.editor", code=code), code=303)
    flash(_("The draft is discarded. You see the published text."), "leaf")
    return redirect(url_for("authoring.editor", code=code), code=303)


def _page(desk: queries.Desk, form: EditorForm, proof: Proof, *, is_refused: bool = False) -> str:
    behind = bank.behind(desk.id) if desk.kind is DocumentKind.QUIZ else ()
    return render_template(
        "authoring/editor.html", desk=desk, form=form, proof=proof, sentence=findings.sentence, is_refused=is_refused,
        behind=behind, is_unsaved=_is_unsaved(form.source.data or "", desk.sheet.source),
    )  # fmt: skip


def _is_unsaved(written: str, saved: str) -> bool:
    try:
        return documents.normalise(written) != saved
    except errors.Refused:
        return True


def _proof(code: str, source: str) -> Proof:
    try:
        return Proof(publishing.render(code=code, source=source))
    except errors.Refused as error:
        return Proof(None, sentence(error.code, error.values))


def _refused(code: str, form: EditorForm, error: errors.Refused, *, wants_json: bool = False) -> Answer:
    made = error.values.get("made")
    if isinstance(made, rules.Publication):
        return _page(queries.desk(code), form, Proof(made), is_refused=True), 422
    text = sentence(error.code, error.values)
    if wants_json:
        return jsonify(message=text), 422
    return _page(queries.desk(code), form, Proof(None, text), is_refused=True), 422


def _both(code: str, mine: str) -> Answer:
    """Someone was faster: show both texts and what differs; the reader decides, nothing is lost."""
    desk = queries.desk(code)
    form = EditorForm(formdata=None, source=mine, version=desk.sheet.version, based_on=desk.sheet.based_on)
    lines = comparing.compare(desk.sheet.source, mine)
    return render_template("authoring/both.html", desk=desk, form=form, theirs=desk.sheet.source, lines=lines), 409
