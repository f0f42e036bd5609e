"""What the codes of a question file say to an author: why a question stays out, what changes in one that comes in."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.kernel.interchange.model import Finding

FILE = {
    "file_empty": _l("The file is empty."),
    "file_too_big": _l("The file is larger than %(megabytes)d MB. Split it, or make its images smaller."),
    "file_binary": _l("This is no text file. Export the questions as GIFT, Moodle XML or Aiken and send that file."),
    "file_without_questions": _l("No question was found in the file. Is it the format that you chose?"),
    "file_too_many": _l("The file holds more than %(most)d questions. Split it."),
    "file_too_slow": _l("The file takes more than %(seconds)d seconds to read, so it was put aside. Split it."),
    "xml_doctype": _l("The file declares a document type or entities. Such files are not read; export it from Moodle."),
    "xml_broken": _l("The XML is broken in line %(line)d. Export the file again."),
    "xml_too_deep": _l("The XML is nested too deeply or too long (line %(line)d)."),
    "xml_not_a_quiz": _l("This XML is no Moodle question file: it begins with “%(tag)s” instead of “quiz”."),
    "text_too_long": _l("With these questions the text is longer than %(longest)d characters. Split the quiz in two."),
    "nothing_comes_in": _l("No question of this file can come in."),
}

QUESTION = {
    "type_unsupported": _l("Questions of the type “%(type)s” do not exist here."),
    "braces_wrong": _l("A brace { or } is missing or stands alone. Write \\{ for one that belongs to the text."),
    "question_text_missing": _l("The question has no text."),
    "too_few_answers": _l("There are too few answers."),
    "too_many_answers": _l("There are more than %(most)d answers."),
    "question_too_long": _l("The question is longer than %(longest)d characters. Split it."),
    "answer_empty": _l("An answer is empty."),
    "answer_line_missing": _l("The line ANSWER: is missing."),
    "answer_letter_unknown": _l("ANSWER: names “%(letter)s”, but there is no such choice."),
    "pair_without_arrow": _l("“%(text)s” is no pair: -> is missing."),
    "number_unreadable": _l("“%(text)s” is no number."),
    "no_full_answer": _l("No answer earns the full points."),
    "several_full_answers": _l("Several answers are fully right, though only one may be chosen."),
    "any_number_is_right": _l("Any number would be right."),
    "description_has_no_place": _l("A description without answers: copy its text into a question or the introduction."),
    "gap_missing": _l("There is no gap in the text."),
    "gap_multiresponse": _l("A gap with several choices at once does not exist here."),
    "gap_with_tolerance": _l("A gap that accepts a range of numbers does not exist here. Make it a numeric question."),
    "gap_unwritable": _l("An accepted text of a gap holds { } | or \\, or a gap accepts nothing."),
    "picture_missing": _l("The image %(name)s is not in the file."),
    "image_name": _l("The image %(name)s has a name or kind that cannot be kept."),
    "image_too_big": _l("The image %(name)s is larger than 1 MB."),
    "image_kind": _l("%(name)s is no SVG, PNG, JPEG or WebP image."),
    "image_unsafe": _l("The drawing %(name)s contains script, links or entities."),
    "not_writable": _l("Its text holds signs that would be read as something else here."),
    "scale_not_in_moodle": _l("A scale does not exist in Moodle's question bank."),
    "ordering_not_in_gift": _l("GIFT has no ordering. Export it as Moodle XML."),
    "rubric_not_in_gift": _l("GIFT has no rubric. Export it as Moodle XML."),
    "gaps_not_in_gift": _l("GIFT has no text with several gaps. Export it as Moodle XML."),
    "pair_feedback_not_in_gift": _l("GIFT has no feedback for pairs. Export it as Moodle XML."),
    "arrow_in_pair": _l("GIFT cannot have -> inside a pair. Export it as Moodle XML."),
    "picture_not_in_gift": _l("GIFT cannot carry images. Export it as Moodle XML."),
    "weight_not_allowed": _l("Moodle has no weight for one of %(right)d right answers."),
    "pool_unwritable": _l("The name of its pool, “%(pool)s”, cannot be a tag in Moodle."),
    "not_expressible": _l("Its text cannot be written in this format without loss. Try Moodle XML."),
}

NOTES = {
    "partial_counts_as_wrong": _l("An answer that earned part of the points counts as wrong here."),
    "penalty_dropped": _l("A wrong answer cost points; here it earns none."),
    "weights_evened": _l("Right answers had different weights; here each counts the same."),
    "wrong_costs_as_much": _l("Each wrong choice now costs as much as a right one earns, never below nothing."),
    "multiple_became_single": _l("Only one answer is right, so it became a single choice."),
    "pattern_dropped": _l("An answer with * for any text is left out."),
    "wrong_answer_dropped": _l("Known wrong answers are left out; everything not accepted is wrong anyway."),
    "case_ignored": _l("Capital and small letters are not told apart here."),
    "short_became_number": _l("All answers are numbers, so it became a numeric question."),
    "feedback_moved": _l("Feedback to single answers moved into the explanation."),
    "tags_dropped": _l("Tags that mean nothing here are left out."),
    "points_rounded": _l("The points were rounded to a whole number."),
    "grader_info_dropped": _l("Notes for markers without points are left out. Write “- rubrik: … (4)”."),
    "gap_choice_typed": _l("A gap with choices is typed here."),
    "hints_dropped": _l("Hints are left out."),
    "units_dropped": _l("Units are left out."),
    "attachments_dropped": _l("Files cannot be handed in here; only the text is asked for."),
    "template_dropped": _l("The template of the answer is left out."),
    "combined_feedback_dropped": _l("Feedback to the whole of right, partly right or wrong is left out."),
    "parts_dropped": _l("Video, sound, formulas, forms and scripts inside it are left out."),
    "picture_became_link": _l("An image on another site became a link. Put the image into the file to keep it."),
    "pair_feedback_unseen": _l("Moodle does not show feedback of pairs; it is kept for reading the file back here."),
}

_ALL = FILE | QUESTION | NOTES


def sentence(finding: Finding) -> str:
    """Return what to tell the author about one question."""
    return of(finding.code, finding.values)


def of(code: str, values: Mapping[str, Any]) -> str:
    """Return the sentence of a code."""
    text = str(_ALL[code])
    return text % dict(values) if "%(" in text else text
