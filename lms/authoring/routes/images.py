"""The images of a module."""

from contextlib import closing

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import queries
from lms.authoring.actions import publishing
from lms.authoring.forms import ImageForm, sentence
from lms.authoring.images import LARGEST
from lms.authoring.routes.blueprint import blueprint
from lms.kernel import errors
from lms.kernel.interchange import marks


@blueprint.get("/susun/<module>/gambar")
@requires(Permission.CONTENT_EDIT)
def images(module: str) -> str:
    return _page(module, ImageForm())


@blueprint.post("/susun/<module>/gambar")
@requires(Permission.CONTENT_EDIT)
def image_add(module: str) -> Response | tuple[str, int]:
    form = ImageForm()
    if not form.validate():
        return _page(module, form), 422
    with closing(form.image.data) as upload:
        name, content = marks.picture_name(upload.filename or ""), upload.read(LARGEST + 1)
    try:
        publishing.add_image(actor=current.actor(), module=module, name=name, content=content)
    except errors.Refused as error:
        form.image.errors = [sentence(error.code, error.values)]
        return _page(module, form), 422
    flash(_("The image is there. Copy its line into your text."), "leaf")
    return redirect(url_for("authoring.images", module=module), code=303)


def _page(module: str, form: ImageForm) -> str:
    return render_template(
        "authoring/images.html", form=form, desk=queries.desk(module), images=queries.images_of(module)
    )
