"""The line of essays and the page of one of them. No address says whose answer it is."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import queue
from lms.authoring.actions import marking as actions
from lms.authoring.forms import CommentForm, MarkingForm, marking_form, sentence
from lms.authoring.queue import Place
from lms.authoring.routes.blueprint import blueprint
from lms.kernel import errors
from lms.web import fields

Answer = str | Response | tuple[str, int]


@blueprint.get("/susun/penilaian")
@requires(Permission.MARK)
def marking_line() -> str:
    page = request.args.get("halaman", 1, type=int)
    found = queue.line(quiz=_quiz(), page=min(max(page, 1), 1_000_000))
    return render_template("authoring/marking_line.html", line=found, quiz=_quiz(), actor=current.actor())


@blueprint.post("/susun/penilaian/mulai")
@requires(Permission.MARK)
def marking_start() -> Response:
    return _on(actions.claim_next(actor=current.actor(), quiz=_quiz()))


@blueprint.get("/susun/penilaian/komentar")
@requires(Permission.MARK)
def marking_comments() -> str:
    return _comments(CommentForm())


@blueprint.post("/susun/penilaian/komentar")
@requires(Permission.MARK)
def marking_comment_add() -> Answer:
    form = CommentForm()
    if form.validate() and _kept(form, form.comment.data or ""):
        flash(_("The comment is saved. You find it on the page of every answer."), "leaf")
        return redirect(url_for("authoring.marking_comments"), code=303)
    return _comments(form), 422


@blueprint.post("/susun/penilaian/komentar/<uid>/penghapusan")
@requires(Permission.MARK)
def marking_comment_drop(uid: str) -> Response:
    actions.drop_comment(actor=current.actor(), uid=uid)
    flash(_("The comment is deleted. Answers that were marked with it keep it."), "leaf")
    return redirect(url_for("authoring.marking_comments"), code=303)


@blueprint.get("/susun/penilaian/<uid>/<question>")
@requires(Permission.MARK)
def marking_sheet(uid: str, question: str) -> str:
    sheet = queue.sheet(current.actor(), Place(uid, question))
    newest = sheet.history[0][0] if sheet.history else None
    form = marking_form(
        sheet.rubric, based_on=sheet.based_on, points=newest.points if newest else (),
        comment=newest.comment if newest else "",
    )  # fmt: skip
    return _page(sheet, form)


@blueprint.post("/susun/penilaian/<uid>/<question>")
@requires(Permission.MARK)
def marking_save(uid: str, question: str) -> Answer:
    place = Place(uid, question)
    sheet = queue.sheet(current.actor(), place)
    form = marking_form(sheet.rubric)
    if not form.validate():
        return _page(sheet, form), 422
    try:
        following = actions.mark(
            actor=current.actor(), place=place, points=form.points(), comment=form.comment.data or "",
            based_on=form.based_on.data or 0, move_on="lanjut" in request.form, quiz=_quiz(),
        )  # fmt: skip
    except errors.Conflict:
        return _both(place, form)
    except errors.Refused as error:
        form.form_errors.append(sentence(error.code, error.values))
        return _page(sheet, form), 422
    if "lanjut" in request.form:
        flash(_("Saved."), "leaf")
        return _on(following)
    flash(_("Saved. The companion sees the points and your comment."), "leaf")
    return redirect(url_for("authoring.marking_sheet", uid=uid, question=question, kuis=_quiz() or None), code=303)


@blueprint.post("/susun/penilaian/<uid>/<question>/lewati")
@requires(Permission.MARK)
def marking_skip(uid: str, question: str) -> Response:
    return _on(actions.claim_next(actor=current.actor(), quiz=_quiz(), after=Place(uid, question)))


@blueprint.post("/susun/penilaian/<uid>/<question>/komentar")
@requires(Permission.MARK)
def marking_comment(uid: str, question: str) -> Answer:
    """Put a saved comment into the text, or save the text as one; what was typed so far stays."""
    sheet = queue.sheet(current.actor(), Place(uid, question))
    form = marking_form(sheet.rubric)
    text = form.comment.data or ""
    if "simpan" in request.form:
        if not text or not form.comment.validate(form) or not _kept(form, text):
            form.comment.errors = form.comment.errors or [_("Write the comment first.")]
            return _page(sheet, form), 422
        return _page(queue.sheet(current.actor(), sheet.place), form, said=_("The comment is saved for other answers."))
    chosen = next((each.body for each in sheet.comments if each.uid == form.saved.data), "")
    form.comment.data = f"{text}\n{chosen}".strip() if chosen not in text else text
    return _page(sheet, form)


def _kept(form: CommentForm | MarkingForm, text: str) -> bool:
    try:
        actions.keep_comment(actor=current.actor(), body=text)
    except errors.Refused as error:
        form.comment.errors = [sentence(error.code, error.values)]
        return False
    return True


def _quiz() -> str:
    """The quiz by which the line is filtered, empty for all."""
    return request.args.get("kuis", "")


def _on(place: Place | None) -> Response:
    if place is not None:
        return redirect(url_for("authoring.marking_sheet", **place._asdict(), kuis=_quiz() or None), code=303)
    flash(_("You are at the end of the line. What others are marking, or what you passed over, is listed here."), "sea")
    return redirect(url_for("authoring.marking_line", kuis=_quiz() or None), code=303)


def _comments(form: CommentForm) -> str:
    comments = queue.comments_of(current.actor())
    return render_template("authoring/marking_comments.html", form=form, comments=comments)


def _both(place: Place, form: MarkingForm) -> Answer:
    """Someone else marked meanwhile: both markings side by side, and mine counts only if I say so again."""
    sheet = queue.sheet(current.actor(), place)
    form.based_on.data = sheet.based_on
    return _page(sheet, form, is_beaten=True), 409


def _page(sheet: queue.Sheet, form: MarkingForm, *, said: str = "", is_beaten: bool = False) -> str:
    form.saved.choices = fields.choices(_menu(sheet))
    return render_template(
        "authoring/marking_sheet.html", sheet=sheet, form=form, quiz=_quiz(), said=said, is_beaten=is_beaten
    )


def _menu(sheet: queue.Sheet) -> Sequence[tuple[str, str]]:
    first = ("", _("Choose a comment"))
    return [first, *((each.uid, " ".join(each.body.split())[:90]) for each in sheet.comments)]
