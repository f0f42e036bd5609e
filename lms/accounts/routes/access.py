"""Signing in and out, forgotten passwords."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import public, requires
from lms.access.permissions import Permission
from lms.accounts import letters
from lms.accounts.actions import access
from lms.accounts.forms.access import SENTENCES, ChangePasswordForm, ForgottenForm, NewPasswordForm, SignInForm
from lms.accounts.routes.blueprint import blueprint, let_in, let_out
from lms.kernel import errors
from lms.web import fields, pages

Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.get("/masuk")
@public
def sign_in() -> Answer:
    if current.is_signed_in():
        return redirect(url_for("web.start"), code=303)
    form = SignInForm(next=request.args.get("next", ""))
    return render_template("accounts/sign_in.html", form=form)


@blueprint.post("/masuk")
@public
def create_session() -> Answer:
    form = SignInForm()
    if not form.validate():
        return _door(form, 422)
    try:
        person = access.sign_in(guess=_guess(form.identifier.data or ""), password=form.password.data or "")
    except errors.TooMany as error:
        form.form_errors.append(_wait(error))
        return *_door(form, 429), {"Retry-After": str(error.wait_s)}
    except errors.Refused as error:
        fields.show(form, error, SENTENCES)
        return _door(form, 422)
    let_in(person, remember=bool(form.remember.data))
    return redirect(pages.local_path(form.next.data), code=303)


@blueprint.post("/keluar")
@public
def sign_out() -> Response:
    let_out()
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.get("/lupa-sandi")
@public
def forgotten() -> Answer:
    return render_template("accounts/forgotten.html", form=ForgottenForm(), sent=False)


@blueprint.post("/lupa-sandi")
@public
def create_link() -> Answer:
    form = ForgottenForm()
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form, sent=False), 422
    try:
        made = access.request_link(guess=_guess(form.identifier.data or ""))
    except errors.TooMany as error:
        form.form_errors.append(_wait(error))
        return render_template("accounts/forgotten.html", form=form, sent=False), 429
    if made:
        letters.send_link(*made)
    return redirect(url_for("accounts.link_sent"), code=303)


@blueprint.get("/lupa-sandi/terkirim")
@public
def link_sent() -> Answer:
    return render_template("accounts/forgotten.html", form=ForgottenForm(), sent=True)


@blueprint.get("/sandi-baru/<secret>")
@public
def new_password(secret: str) -> Answer:
    person = _person_of_link(secret)
    if person is None:
        return render_template("accounts/link_spent.html"), 404
    return render_template("accounts/new_password.html", form=NewPasswordForm(), secret=secret, person=person)


@blueprint.post("/sandi-baru/<secret>")
@public
def create_password(secret: str) -> Answer:
    form = NewPasswordForm()
    person = _person_of_link(secret)
    if person is None:
        return render_template("accounts/link_spent.html"), 404
    if form.validate():
        try:
            let_in(access.use_link(secret=secret, new=form.new_password.data or ""), remember=False)
        except errors.Refused as error:
            fields.show(form, error, SENTENCES)
        else:
            flash(_("Your new password is set. You are signed in."), "leaf")
            return redirect(url_for("web.start"), code=303)
    return render_template("accounts/new_password.html", form=form, secret=secret, person=person), 422


@blueprint.route("/saya/sandi", methods=["GET", "POST"])
@requires(Permission.SELF_EDIT)
def change_password() -> Answer:
    form, actor = ChangePasswordForm(), current.actor()
    if request.method == "GET":
        return render_template("accounts/change_password.html", form=form)
    if form.validate():
        try:
            access.change_password(
                actor=actor, current=form.current_password.data or "", new=form.new_password.data or ""
            )
        except errors.Refused as error:
            fields.show(form, error, SENTENCES)
        else:
            let_in(actor, remember=False)
            flash(_("Your password is changed. Every other device has been signed out."), "leaf")
            return redirect(url_for("web.start"), code=303)
    return render_template("accounts/change_password.html", form=form), 422


def _door(form: SignInForm, status: int) -> tuple[str, int]:
    form.password.data = ""
    return render_template("accounts/sign_in.html", form=form), status


def _guess(identifier: str) -> access.Guess:
    return access.Guess(
        identifier=identifier, address=request.remote_addr or "", secret=current_app.config["SECRET_KEY"]
    )


def _wait(error: errors.TooMany) -> str:
    return _("Too many tries. Try again in %(n)d minutes.", n=-(-error.wait_s // 60))


def _person_of_link(secret: str) -> object | None:
    try:
        return access.person_of_link(secret)
    except errors.NotFound:
        return None
