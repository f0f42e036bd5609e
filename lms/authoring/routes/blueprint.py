"""The room's blueprint."""

from flask import Blueprint

blueprint = Blueprint("authoring", __name__, template_folder="../templates")
