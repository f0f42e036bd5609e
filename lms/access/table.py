"""Who may do what: permission → any of [all of these questions]. This table is the documentation."""

from collections.abc import Mapping
from typing import Any

from lms.access.permissions import Permission
from lms.access.questions import Question, is_admin, is_anyone, is_companion, is_directorate, is_trainer
from lms.kernel import errors
from lms.models.people import Person

TABLE: Mapping[Permission, tuple[tuple[Question, ...], ...]] = {
    Permission.AUDIT_READ: ((is_admin,),),
    Permission.COHORT_EDIT: ((is_admin,),),
    Permission.PERSON_EDIT: ((is_admin,),),
    Permission.SELF_EDIT: ((is_anyone,),),
    Permission.ALLOWANCE_EDIT: ((is_trainer,), (is_admin,)),
    Permission.CONTENT_EDIT: ((is_trainer,), (is_admin,)),
    Permission.MARK: ((is_trainer,), (is_admin,)),
    Permission.RESULTS_READ: ((is_trainer,), (is_admin,)),
    Permission.ATTEMPT_CREATE: ((is_companion,),),
    Permission.CONTENT_READ: ((is_anyone,),),
    Permission.FACT_RECORD: ((is_companion,),),
    Permission.COMPLETION_READ: ((is_directorate,), (is_admin,)),
    Permission.GAIN_READ: ((is_directorate,), (is_trainer,), (is_admin,)),
    Permission.SURVEY_READ: ((is_directorate,), (is_trainer,), (is_admin,)),
}


def allows(actor: Person, permission: Permission, thing: Any = None) -> bool:
    """Say whether the actor may, at all or to this thing."""
    if not actor.is_active:
        return False
    return any(all(question(actor, thing) for question in questions) for questions in TABLE[permission])


def require(actor: Person, permission: Permission, thing: Any = None) -> None:
    """Raise NotAllowed unless the actor may; the first line of every action, so that commands are guarded too."""
    if not allows(actor, permission, thing):
        raise errors.NotAllowed("not_allowed", permission=permission.value)
