"""The URLs of authoring, split by what they are about."""

from lms.authoring.routes import (
    allowances,
    bank,
    editor,
    exchange,
    images,
    marking,
    regrading,
    results,
    revisions,
    shelf,
)
from lms.authoring.routes.blueprint import blueprint

__all__ = [
    "allowances",
    "bank",
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
