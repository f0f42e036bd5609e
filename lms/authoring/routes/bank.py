"""The question bank: the list, one question in full, its versions side by side, and into another quiz."""

from pathlib import Path

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import bank as questions
from lms.authoring import comparing, statistics
from lms.authoring.actions import lending
from lms.authoring.forms import QUESTION_KINDS, REFER_SENTENCES, BankForm, CompareForm, ReferForm
from lms.authoring.routes.blueprint import blueprint
from lms.kernel import errors
from lms.kernel.problems import PROBLEMS
from lms.web import fields, filters

PATIENCE_S = 5
"""How long a page may compute figures before it answers."""

Answer = str | Response | tuple[str, int]


@blueprint.get("/susun/soal")
@requires(Permission.CONTENT_EDIT)
def bank() -> str:
    form = BankForm(request.args, places=questions.places())
    found = questions.found(form.wanted(), page=form.page(), folder=_figures())
    return render_template("authoring/bank.html", form=form, found=found, kinds=QUESTION_KINDS)


@blueprint.post("/susun/soal/angka")
@requires(Permission.RESULTS_READ)
def bank_figures() -> Response:
    done, left = statistics.keep_all(_figures(), seconds=PATIENCE_S)
    if left:
        flash(
            _("The figures of %(done)d quizzes are up to date. %(left)d are left: press again.", done=done, left=left),
            "turmeric",
        )
    else:
        flash(_("The figures of all quizzes are up to date."), "leaf")
    page = request.args.get("halaman", 1, type=int)
    return redirect(url_for("authoring.bank") + filters.at_page(request.args, page), code=303)


@blueprint.get("/susun/soal/<question>")
@requires(Permission.CONTENT_EDIT)
def bank_question(question: str) -> str:
    return _page(questions.sheet(question, folder=_figures()), _form(request.args.get("kuis", "")))


@blueprint.get("/susun/soal/<question>/banding")
@requires(Permission.CONTENT_EDIT)
def bank_comparison(question: str) -> Answer:
    sheet, form = questions.sheet(question, folder=_figures()), CompareForm(request.args)
    sources = {each.number: each.source for each in sheet.versions}
    if not form.validate() or not {form.lama.data, form.baru.data} <= sources.keys():
        return _page(sheet, _form(""), choose=True), 422
    old, new = form.lama.data or 0, form.baru.data or 0
    lines = comparing.compare(sources[old], sources[new])
    return render_template("authoring/bank_comparison.html", sheet=sheet, old=old, new=new, lines=lines)


@blueprint.post("/susun/soal/<question>/pemakaian")
@requires(Permission.CONTENT_EDIT)
def bank_refer(question: str) -> Answer:
    sheet, form = questions.sheet(question, folder=_figures()), _form("")
    if not form.validate():
        return _page(sheet, form), 422
    try:
        lending.refer(actor=current.actor(), question=question, quiz=form.quiz.data)
    except errors.Refused as error:
        fields.show(form, error, REFER_SENTENCES)
        return _page(sheet, form), 422
    flash(_("The question stands at the end of this draft. Readers get it when you publish."), "leaf")
    return redirect(url_for("authoring.editor", code=form.quiz.data), code=303)


def _figures() -> Path:
    folder: Path = current_app.config["SETTINGS"].figures_dir
    return folder


def _form(quiz: str) -> ReferForm:
    form = ReferForm(quiz=quiz)
    form.quiz.choices = fields.choices([("", _("Choose a quiz")), *questions.quizzes()])
    return form


def _page(sheet: questions.Sheet, form: ReferForm, *, choose: bool = False) -> str:
    return render_template(
        "authoring/bank_question.html", sheet=sheet, row=sheet.row, form=form, kinds=QUESTION_KINDS, problems=PROBLEMS,
        choose=choose,
    )  # fmt: skip
