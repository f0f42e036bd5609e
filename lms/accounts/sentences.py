"""What the audit trail's codes say to a reader."""

from flask_babel import lazy_gettext as _l

AUDIT = {
    "person.created": _l("added"),
    "person.edited": _l("changed the data of"),
    "person.deactivated": _l("deactivated"),
    "person.reactivated": _l("activated again"),
    "person.access_reset": _l("reset the access of"),
    "password.changed": _l("set a new password for"),
    "cohort.created": _l("created the cohort"),
    "cohort.edited": _l("changed the cohort"),
    "cohort.members_added": _l("added members to the cohort"),
    "cohort.member_removed": _l("removed a member from the cohort"),
    "allowance.given": _l("gave extra time or attempts at"),
    "allowance.withdrawn": _l("took back extra time or attempts at"),
    "attempts.closed": _l("closed attempts past their time at"),
    "cohort.closed": _l("closed the cohort"),
    "cohort.reopened": _l("opened the cohort again"),
    "content.created": _l("created"),
    "content.draft_discarded": _l("discarded the draft of"),
    "content.published": _l("published"),
    "content.imported": _l("imported"),
    "content.withdrawn": _l("withdrew"),
    "content.republished": _l("brought back to readers"),
    "answer.marked": _l("marked an answer in"),
    "attempts.regraded": _l("regraded attempts at"),
    "regrade.undone": _l("took back a regrade of"),
    "comment.kept": _l("saved a comment"),
    "comment.dropped": _l("deleted a comment"),
    "content.media_added": _l("added an image to"),
}

ALONE = frozenset({"comment.kept", "comment.dropped"})
"""What is done to nothing else: the sentence ends without a subject."""

KINDS = {
    "person": (_l("People"), ("person.",)),
    "password": (_l("Passwords"), ("password.",)),
    "cohort": (_l("Cohorts"), ("cohort.",)),
    "content": (_l("Content"), ("content.",)),
    "allowance": (_l("Extra time and attempts"), ("allowance.",)),
    "marking": (_l("Marking"), ("answer.", "attempts.", "regrade.", "comment.")),
}
"""Kind → its name, and how the codes of its actions begin."""

FIELDS = {
    "attempt": _l("attempt"),
    "attempts": _l("attempts"),
    "contract_began_on": _l("first day of the work agreement"),
    "documents": _l("documents"),
    "email": _l("e-mail"),
    "format": _l("format"),
    "holder": _l("for"),
    "image": _l("image"),
    "language": _l("language"),
    "members": _l("members"),
    "minutes": _l("minutes"),
    "name": _l("name"),
    "nip": _l("NIP"),
    "person": _l("person"),
    "points": _l("points"),
    "position": _l("position"),
    "province_iso": _l("province"),
    "question": _l("question"),
    "questions": _l("questions"),
    "reason": _l("reason"),
    "regency": _l("regency or city"),
    "revision": _l("revision"),
    "role": _l("role"),
    "scope": _l("provinces of a coordinator"),
    "title_after": _l("title after the name"),
    "title_before": _l("title before the name"),
    "unit": _l("work unit"),
    "whatsapp": _l("WhatsApp"),
}
"""What changed, in words; courses stand under their own codes."""
