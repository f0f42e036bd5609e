"""The room's blueprint."""

from collections.abc import Mapping, Sequence

from flask import Blueprint

blueprint = Blueprint("learning", __name__, template_folder="../templates")


@blueprint.app_template_filter()
def sort_by_places(items: Sequence[Mapping[str, str]], places: Sequence[str]) -> list[Mapping[str, str]]:
    """Return the items of an ordering as the reader has put them; those without a place stay as shown, last."""
    return sorted(items, key=lambda item: places.index(item["id"]) if item["id"] in places else len(places))
