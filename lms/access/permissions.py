"""The names of everything that may be allowed, `area:thing:action`, in alphabetical order."""

from enum import StrEnum


class Permission(StrEnum):
    """One sentence each: what it allows."""

    AUDIT_READ = "accounts:audit:read"
    """Read the audit trail."""
    COHORT_EDIT = "accounts:cohort:edit"
    """Create and edit cohorts, their members, courses and dates."""
    PERSON_EDIT = "accounts:person:edit"
    """Create, edit, deactivate people and reset their access."""
    SELF_EDIT = "accounts:self:edit"
    """See and change one's own data and password."""
    ALLOWANCE_EDIT = "authoring:allowance:edit"
    """Give one person or cohort more time or attempts at a quiz, and close attempts whose time is over."""
    CONTENT_EDIT = "authoring:content:edit"
    """Write drafts, publish, withdraw and bring back every kind of content."""
    MARK = "authoring:marks:write"
    """Mark essays, and regrade attempts when a key was wrong."""
    RESULTS_READ = "authoring:results:read"
    """See the results of quizzes and simulations as numbers, without names."""
    ATTEMPT_CREATE = "learning:attempt:create"
    """Take a quiz, play a simulation."""
    CONTENT_READ = "learning:content:read"
    """Read published courses, lessons and their images."""
    FACT_RECORD = "learning:fact:record"
    """Record that a lesson was opened or done."""
    COMPLETION_READ = "reporting:completion:read"
    """See who has completed what, within one's provinces."""
    GAIN_READ = "reporting:gain:read"
    """See what people learned between two tests, as numbers without names, within one's provinces."""
