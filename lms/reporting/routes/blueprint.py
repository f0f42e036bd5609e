"""The room's blueprint."""

from flask import Blueprint

blueprint = Blueprint("reporting", __name__, template_folder="../templates")
