"""What a trainer may type. The text itself is checked by the lint, whose findings stand beside it."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from lms.authoring import bank
from lms.authoring.statistics import Wanted, Which
from lms.kernel.documents import DocumentKind
from lms.kernel.problems import PROBLEMS
from lms.kernel.questions import QuestionKind
from lms.web import fields

SENTENCES = {
    "text_too_long": _l(
        "The text is %(length)d characters long; at most %(longest)d can be published. Split it in two."
    ),
    "text_empty": _l("The text is empty; nothing was saved. What was there before is still there."),
    "text_too_slow": _l(
        "This text takes more than %(seconds)d seconds to lay out, so it cannot be shown. Look for very long lines or "
        "many nested marks."
    ),
    "text_undecodable": _l("The text holds characters that cannot be stored. Remove them and save again."),
    "image_name": _l("Send an SVG, PNG, JPEG or WebP image."),
    "image_too_big": _l("An image may have at most 1 MB. Make it smaller first: data costs your readers money."),
    "image_kind": _l("Send an SVG, PNG, JPEG or WebP image."),
    "nothing_to_regrade": _l("Tick at least one revision whose key differs."),
    "points_wrong": _l("These points do not fit the rubric any more. Open the answer again."),
    "comments_full": _l("You have %(most)d saved comments. Delete one before you save another."),
    "image_unsafe": _l("This SVG contains script, links or entities. Export it as a plain SVG."),
}


KINDS = {
    DocumentKind.COURSE: _l("course"),
    DocumentKind.MODULE: _l("module"),
    DocumentKind.LESSON: _l("lesson"),
    DocumentKind.QUIZ: _l("quiz"),
    DocumentKind.SIMULATION: _l("simulation"),
    DocumentKind.SURVEY: _l("survey"),
    DocumentKind.GLOSSARY: _l("glossary"),
}


QUESTION_KINDS = {
    QuestionKind.SINGLE: _l("one right answer"),
    QuestionKind.MULTIPLE: _l("several right answers"),
    QuestionKind.MATCHING: _l("pairs"),
    QuestionKind.ORDERING: _l("order"),
    QuestionKind.SHORT: _l("short answer"),
    QuestionKind.NUMERIC: _l("number"),
    QuestionKind.GAP: _l("gap text"),
    QuestionKind.ESSAY: _l("essay"),
    QuestionKind.SCALE: _l("scale"),
}


class EditorForm(FlaskForm):
    """The text, the draft and the revision that it was based on, and what changed."""

    source = TextAreaField(_l("Text"))
    version = IntegerField(widget=HiddenField.widget, validators=[Optional(), NumberRange(0, 10_000_000)], default=0)
    based_on = IntegerField(widget=HiddenField.widget, validators=[Optional(), NumberRange(0, 10_000_000)])
    note = fields.line(_l("What changed (optional)"), longest=200)


class NewDocumentForm(FlaskForm):
    """A lesson, quiz or survey to be."""

    title = fields.line(_l("Title"), longest=160, validators=[InputRequired(message=_l("Fill this in."))])
    kind = RadioField(
        _l("Kind"),
        choices=fields.choices([("lesson", _l("Lesson")), ("quiz", _l("Quiz")), ("survey", _l("Survey"))]),
        default="lesson",
    )


class ImageForm(FlaskForm):
    """An image for a module."""

    image = FileField(_l("Image"), validators=[FileRequired(message=_l("Choose a file."))])


class ExchangeForm(FlaskForm):
    """A question file on its way in; `kept` holds its bytes (Base64) while the preview is read."""

    file = FileField(_l("File"))
    format = RadioField(
        _l("Format"),
        choices=fields.choices([("gift", "Moodle GIFT"), ("moodle-xml", "Moodle XML"), ("aiken", "Aiken")]),
        default="moodle-xml",
    )
    kept = HiddenField()
    version = IntegerField(widget=HiddenField.widget, validators=[Optional(), NumberRange(0, 10_000_000)], default=0)


ALLOWANCE_SENTENCES = {
    "one_holder": _l("Name one person or choose one cohort, not both."),
    "nothing_given": _l("Give minutes, attempts or both."),
    "no_such_companion": _l("No companion has this NIP or e-mail."),
    "no_such_cohort": _l("This cohort does not exist."),
}


class AllowanceForm(FlaskForm):
    """More time or attempts for one person or one cohort; the route gives the cohorts to choose from."""

    person = fields.line(_l("Companion"))
    cohort = SelectField(_l("Or a cohort"))
    minutes = IntegerField(
        _l("Minutes more"),
        validators=[Optional(), NumberRange(0, 600, message=_l("A whole number from %(min)d to %(max)d."))],
    )
    attempts = IntegerField(
        _l("Attempts more"),
        validators=[Optional(), NumberRange(0, 20, message=_l("A whole number from %(min)d to %(max)d."))],
    )
    reason = fields.line(_l("Reason"), longest=200, validators=[DataRequired(message=_l("Fill this in."))])


class CompareForm(fields.QueryForm):
    """The query string of a comparison: two revision numbers, 0 for the draft."""

    lama = IntegerField(_l("Older"), validators=[InputRequired(), NumberRange(0, 1_000_000)])
    baru = IntegerField(_l("Newer"), validators=[InputRequired(), NumberRange(0, 1_000_000)])


WHICH = {
    Which.FIRST: _l("First of each person"),
    Which.LAST: _l("Last of each person"),
    Which.BEST: _l("Best of each person"),
    Which.ALL: _l("All"),
}


class ResultsForm(fields.QueryForm):
    """The query string of a quiz's results; what makes no sense does not filter."""

    percobaan = SelectField(
        _l("Attempts"), choices=fields.choices((each.value, text) for each, text in WHICH.items()), default=Which.FIRST
    )
    versi = SelectField(
        _l("Revisions"),
        choices=fields.choices([("semua", _l("All revisions")), ("terbit", _l("Only the published one"))]),
        default="semua",
    )

    def wanted(self) -> Wanted:
        """Return the filters."""
        self.validate()
        which = Which.FIRST if self.percobaan.errors else Which(self.percobaan.data or Which.FIRST)
        return Wanted(which, self.versi.data == "terbit")

    def query(self) -> dict[str, str]:
        """Return the query string as it stands, without defaults."""
        wanted = self.wanted()
        values = {
            "percobaan": "" if wanted.which is Which.FIRST else wanted.which.value,
            "versi": "terbit" if wanted.current_only else "",
        }
        return {name: value for name, value in values.items() if value}


STATES = {
    "": _l("All"),
    "perlu": _l("Needs attention"),
    "belum": _l("Figures not computed yet"),
    "dipakai": _l("Asked by several quizzes"),
}

ORDERS = {
    "": _l("As in the curriculum"),
    "mudah": _l("Easiest first"),
    "sulit": _l("Hardest first"),
    "lemah": _l("Weakest discrimination first"),
    "sering": _l("Most used first"),
}


def _share(label: Any) -> IntegerField:
    """A whole per cent, or nothing."""
    return IntegerField(label, validators=[Optional(), NumberRange(0, 100)])


class BankForm(fields.QueryForm):
    """The query string of the question bank; what makes no sense does not filter. `kuis` is the quiz to add to."""

    cari = fields.line(_l("Words or id"), longest=100)
    masalah = SelectField(_l("Problem"), default="")
    jenis = SelectField(_l("Kind"), default="")
    modul = SelectField(_l("Course or module"), default="")
    keadaan = SelectField(_l("State"), choices=fields.choices(STATES.items()), default="")
    dari = _share(_l("Facility from"))
    sampai = _share(_l("Facility to"))
    urut = SelectField(_l("Order"), choices=fields.choices(ORDERS.items()), default="")
    kuis = HiddenField()
    halaman = IntegerField(_l("Page"), validators=[Optional(), NumberRange(1, 100_000)], default=1)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, text) for kind, text in QUESTION_KINDS.items()]
        self.masalah.choices = fields.choices([("", _l("All")), *((code, code) for code in PROBLEMS)])
        self.jenis.choices = fields.choices([("", _l("All")), *kinds])
        self.modul.choices = fields.choices([("", _l("All")), *places])

    def wanted(self) -> bank.Wanted:
        """Return the filters."""
        self.validate()
        value = {name: field.default if field.errors else field.data for name, field in self._fields.items()}
        return bank.Wanted(
            value["cari"] or "", value["masalah"] or "", value["jenis"] or "", value["modul"] or "",
            value["keadaan"] or "", value["dari"], value["sampai"], value["urut"] or "",
        )  # fmt: skip

    def page(self) -> int:
        """Return the page number, the first when it makes no sense."""
        return 1 if self.halaman.errors or not self.halaman.data else int(self.halaman.data)


class ReferForm(FlaskForm):
    """The quiz to whose draft a question is added; the route gives the quizzes."""

    quiz = SelectField(_l("Quiz"), validators=[DataRequired(message=_l("Choose a quiz."))])


REFER_SENTENCES = {
    "question_there": _l("This quiz holds the question already, in its text or in its draft."),
    "text_too_long": _l("The text of this quiz would become too long. Split the quiz in two."),
}


LONGEST_COMMENT = 1_000
"""Characters of a marker's comment."""
MOST_CHOICES = 6
"""A line of a rubric with up to so many points is chosen from buttons, with more it is typed."""


def _written(value: str | None) -> str:
    return unicodedata.normalize("NFC", (value or "").replace("\r\n", "\n")).strip()


def _no_strange(_form: Any, field: TextAreaField) -> None:
    if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in "\n\t" for each in field.data or ""):
        raise ValidationError(_l("This contains characters that cannot be used. Type it anew."))


def comment_field(label: Any, *, required: bool = False) -> TextAreaField:
    """A comment of some lines."""
    needed = [InputRequired(message=_l("Fill this in."))] if required else []
    longest = Length(max=LONGEST_COMMENT, message=_l("Write at most %(max)d characters."))
    return TextAreaField(label, filters=[_written], validators=[*needed, longest, _no_strange, fields.no_nik])


class CommentForm(FlaskForm):
    """A comment to keep."""

    comment = comment_field(_l("New comment"), required=True)


class RegradeForm(FlaskForm):
    """Why attempts are regraded."""

    reason = fields.line(_l("Reason"), longest=300, validators=[InputRequired(message=_l("Fill this in."))])


class MarkingForm(FlaskForm):
    """Points for each line of a rubric, a comment, and the marking that the marker saw."""

    comment = comment_field(_l("Comment for the companion (optional)"))
    saved = SelectField(_l("Saved comments"), validate_choice=False, default="")
    based_on = IntegerField(widget=HiddenField.widget, validators=[Optional(), NumberRange(0, 10_000)], default=0)

    def lines(self) -> list[Any]:
        """The fields of the rubric's lines, in order."""
        return [field for name, field in self._fields.items() if name.startswith("line_")]

    def points(self) -> list[int]:
        """Whole points, one for each line; only after validation."""
        return [int(field.data) for field in self.lines()]


def marking_form(rubric: Sequence[tuple[str, int]], **values: Any) -> MarkingForm:
    """Return the form for a rubric; `points` sets its lines, everything else the field of that name."""
    points = values.pop("points", ())
    lines = {f"line_{number}": _line_field(text, most) for number, (text, most) in enumerate(rubric)}
    made: MarkingForm = type("LinesForm", (MarkingForm,), lines)(**values)
    for field, given in zip(made.lines(), points, strict=False):
        field.data = str(given) if field.type == "RadioField" else given
    return made


def _line_field(text: str, most: int) -> Any:
    label = text or _l("Points")
    if most <= MOST_CHOICES:
        steps = [(str(step), str(step)) for step in range(most + 1)]
        needed = InputRequired(message=_l("Choose the points for this line."))
        return RadioField(label, choices=fields.choices(steps), validators=[needed])
    wrong = _l("Write whole points from %(min)d to %(max)d.")
    return IntegerField(
        label, validators=[InputRequired(message=_l("Choose the points for this line.")), NumberRange(0, most, wrong)]
    )


def sentence(code: str, values: dict[str, Any]) -> str:
    """Return the sentence for a refusal."""
    text = str(SENTENCES[code])
    return text % values if "%(" in text else text
