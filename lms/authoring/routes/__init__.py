"""The URLs of authoring, split by what they are about."""

from lms.authoring.routes import allowances, editor, exchange, images, marking, regrading, results, revisions, shelf
from lms.authoring.routes.blueprint import blueprint

__all__ = [
    "allowances",
    "blueprint",
    "editor",
    "exchange",
    "images",
    "marking",
    "regrading",
    "results",
    "revisions",
    "shelf",
]
