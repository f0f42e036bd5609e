"""What deriving reads, over tables and built once: building a statement costs as much as running it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, literal, or_, select, union_all

from lms.kernel import documents
from lms.kernel.documents import DocumentKind
from lms.models.ballots import Participation
from lms.models.cohorts import CohortMember
from lms.models.content import Document, Revision, is_published
from lms.models.facts import Attempt, Completion, Opening, Play, Reading
from lms.models.people import Person, Role
from lms.models.summaries import ItemProgress, UnitProgress
from lms.rules import completion

_documents: Any = Document.__table__
_document, _module, _course = (
    _documents.c, _documents.alias("module").c, _documents.alias("course").c
)  # fmt: skip
_revision: Any = Revision.__table__.c
_person: Any = Person.__table__.c
_member: Any = CohortMember.__table__.c
_completion: Any = Completion.__table__.c
_attempt: Any = Attempt.__table__.c
_item: Any = ItemProgress.__table__.c
_unit: Any = UnitProgress.__table__.c


_IS_ITEM = and_(or_(*(_document.kind == kind for kind in documents.COUNTED)), is_published(_document))
_IN_COURSE = and_(_course.id == _module.parent_id, _course.kind == DocumentKind.COURSE)
_IS_MODULE = and_(_module.kind == DocumentKind.MODULE, is_published(_module))

MODULES = (
    select(
        _module.id, _module.code, _course.code, _module.is_core, _module.jp, _document.id, _document.kind,
        _revision.meta["score"].as_string(),
    )
    .join(_course.id.table, _IN_COURSE)
    .outerjoin(_document.id.table, and_(_document.parent_id == _module.id, _IS_ITEM))
    .outerjoin(
        _revision.id.table, and_(_revision.id == _document.published_id, _document.kind == DocumentKind.QUIZ)
    )
    .where(_IS_MODULE)
    .order_by(_module.id, _document.position, _document.id)
)  # fmt: skip
"""Each published module with each of its published items, or once without."""

COUNTED = (
    select(_module.code, _course.code, _module.is_core)
    .join(_course.id.table, _IN_COURSE)
    .where(
        _IS_MODULE, _module.jp > 0, select(_document.id).where(_document.parent_id == _module.id, _IS_ITEM).exists()
    )
    .order_by(_module.id)
)  # fmt: skip
"""The modules that count, as `rules.completion.counts` says."""

_at_item = _documents.alias("at_item").c
_PARENT_OF_ITEM = select(_at_item.parent_id).where(_at_item.id == bindparam("item")).scalar_subquery()
MODULE_OF_ITEM = MODULES.where(_module.id == _PARENT_OF_ITEM)

BEGAN, ENDED = 0, 1
_MOMENTS: tuple[tuple[int, Any, str], ...] = (
    (BEGAN, Opening.__table__.c, "occurred_at"),
    (ENDED, Reading.__table__.c, "occurred_at"),
    (BEGAN, Play.__table__.c, "started_at"),
    (ENDED, Play.__table__.c, "finished_at"),
    (ENDED, Participation.__table__.c, "answered_at"),
)
"""What opens an item, and what finishes one that is not passed but read, played or answered."""


class About(NamedTuple):
    """A statement about `people`, for one of them and for many: a list is written anew into it each time."""

    one: Any
    many: Any


_AreThey = Callable[[Any], Any]
"""column of person ids → the condition that it names these people"""


def _about(build: Callable[[_AreThey], Any]) -> About:
    return About(
        build(lambda column: column == bindparam("people")),
        build(lambda column: column.in_(bindparam("people", expanding=True))),
    )


def _instants(condition: Callable[[Any], Any]) -> Any:
    return union_all(
        *(
            select(literal(moment), fact.person_id, fact.document_id, func.min(fact[at]), func.max(fact[at]))
            .where(condition(fact), fact[at].is_not(None))
            .group_by(fact.person_id, fact.document_id)
            for moment, fact, at in _MOMENTS
        )
    )


def _tries(are_they: _AreThey) -> Any:
    return (
        select(_attempt.person_id, _attempt.document_id, _attempt.submitted_at, _attempt.percent, _attempt.passed)
        .where(are_they(_attempt.person_id), _attempt.submitted_at.is_not(None))
        .order_by(_attempt.number)
    )


def _items(are_they: _AreThey) -> Any:
    state = (_item[name] for name in completion.ItemState._fields)
    return select(_item.person_id, _item.document_id, *state).where(are_they(_item.person_id))


_ITEM: Any = bindparam("item")
_BESIDE = select(_document.id).where(_document.parent_id == _PARENT_OF_ITEM)

GRANTED = _about(
    lambda are_they: select(_completion.person_id, _completion.document_id, _completion.completed_at).where(
        are_they(_completion.person_id)
    )
)
INSTANTS = _about(lambda are_they: _instants(lambda fact: are_they(fact.person_id)))
"""When items were opened and when they were finished, first and last."""
INSTANTS_AT_ITEM = _about(
    lambda are_they: _instants(lambda fact: and_(are_they(fact.person_id), fact.document_id == _ITEM))
)
TRIES = _about(_tries)
TRIES_AT_ITEM = _about(lambda are_they: _tries(are_they).where(_attempt.document_id == _ITEM))
ITEMS = _about(_items)
ITEMS_BESIDE = _about(lambda are_they: _items(are_they).where(_item.document_id.in_(_BESIDE)))
"""The items of one item's module."""
UNITS = _about(
    lambda are_they: select(_unit.person_id, *(_unit[name] for name in completion.UnitState._fields)).where(
        are_they(_unit.person_id)
    )
)
PLACES = _about(
    lambda are_they: (
        select(_person.id, _person.province_iso, _member.cohort_id)
        .outerjoin(_member.person_id.table, _member.person_id == _person.id)
        .where(are_they(_person.id), _person.role == Role.COMPANION, _person.deactivated_at.is_(None))
    )
)
