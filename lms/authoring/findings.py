"""What the lint's codes say to an author: what is wrong, and what to write instead."""

from flask_babel import lazy_gettext as _l

from lms.kernel.documents import Problem

SENTENCES = {
    "front_missing": _l("The text must begin with the lines between --- and --- (id, kind, title …)."),
    "front_unreadable": _l(
        "These lines cannot be read. Write “name: value” on each, and put texts with a colon in quotes."
    ),
    "kind_unknown": _l("“%(value)s” is no kind. Write course, module, lesson, quiz, simulation, survey or glossary."),
    "key_unknown": _l("“%(key)s” is not known here. Known are: %(known)s."),
    "key_missing": _l("“%(key)s” is missing between the --- lines."),
    "key_doubled": _l("“%(key)s” already stands in line %(first)d. Keep one of the two."),
    "value_text": _l("“%(key)s” must be a text on its own. Put it in quotes if it holds : # [ or {."),
    "value_id": _l("“%(key)s” may hold small letters, digits and dashes only, such as mrs-4-2."),
    "value_number": _l("“%(key)s” must be a whole number from %(low)d to %(high)d, in digits."),
    "value_flag": _l("“%(key)s” must be true or false."),
    "value_day": _l("“%(key)s” must be a day of the calendar: year-month-day, such as 2026-01-31."),
    "value_moment": _l(
        "“%(key)s” must be a day, such as 2026-01-31, or a day with an hour in WIB, such as 2026-01-31 08:00."
    ),
    "value_choice": _l("“%(value)s” does not fit “%(key)s”. Choose from: %(choices)s."),
    "value_list": _l("“%(key)s” must be a list: [one, two], or one line with “- ” for each."),
    "starter_left": _l("This line still says what to write here. Write it, or take the line out."),
    "place_changed": _l("“%(field)s” of this text is %(value)s and cannot be changed: people's records point at it."),
    "place_wrong": _l(
        "This file does not stand where its kind belongs: %(expected)s is missing above it or named otherwise."
    ),
    "text_undecodable": _l(
        "This line holds characters that cannot be stored. Save the file as UTF-8 without control characters."
    ),
    "text_too_long": _l("The text is longer than %(longest)d characters. Split it in two."),
    "nested_too_deep": _l(
        "Too much stands within each other here. Close the brackets, and keep to %(deepest)d levels at most."
    ),
    "headings_too_many": _l("The text has more than %(most)d headings. Split it into several."),
    "answers_too_many": _l("The text has more than %(most)d answers or gaps. Split it into several."),
    "paragraphs_too_many": _l("The text has more than %(most)d paragraphs. Split it into several."),
    "paragraph_too_full": _l("This paragraph holds too many lines and marks for one. Separate it with blank lines."),
    "raw_html": _l("HTML is shown as text, not as layout: “%(text)s”. Use Markdown."),
    "heading_of_page": _l("“%(title)s” is the page's own level. Begin headings with ##."),
    "heading_jump": _l("“%(title)s” skips a level. Use ## first, then ###."),
    "image_without_text": _l("The image %(target)s has no alternative text. Write between the brackets what it shows."),
    "image_missing": _l("The image %(target)s does not exist in this module."),
    "image_heavy": _l("This image has %(kilobytes)d kB. Keep it below 100 kB: data costs readers money."),
    "anchor_missing": _l("No heading on this page answers to %(target)s."),
    "link_broken": _l("%(target)s leads nowhere. Link to a file of this module or to a full address."),
    "link_protocol": _l("%(target)s uses a protocol that is not followed. Use https, mailto or tel."),
    "sentence_long": _l("This sentence has %(words)d words (“%(text)s …”). Try to make two of it."),
    "minutes_and_length": _l("%(words)d words do not fit %(minutes)d minutes; %(low)d to %(high)d would."),
    "law_without_day": _l("A rule is cited, but valid_as_of does not say on which day it was checked."),
    "nik_in_text": _l("This looks like a NIK. Take it out; Pandu keeps none."),
    "penalty_in_text": _l("Teach duties and rights, not penalties: penal figures change and are not checked here."),
    "question_without_id": _l("“%(title)s” has no id. Write {#id} at the end of the heading."),
    "attribute_unknown": _l("“%(value)s” is not known between the braces. Known are: %(known)s."),
    "points_wrong": _l("“%(value)s” is no number of points. Write points=1 to points=100."),
    "answers_missing": _l("%(question)s has no answers below it."),
    "answer_unreadable": _l("“%(text)s” is no answer of this kind. Indent feedback by four spaces."),
    "gap_empty": _l("A gap of %(question)s is empty. Write what belongs into it: {{answer|another answer}}."),
    "scale_wrong": _l(
        "The scale of %(question)s must rise and have at most %(widest)d steps. Write (1..5), for example."
    ),
    "reference_unknown": _l("No published quiz holds a question %(id)s as its own. Look it up in the question bank."),
    "reference_with_text": _l("Below @%(id)s nothing may stand: the question is written in its own quiz."),
    "reference_outside_quiz": _l("Only a quiz may take the question %(id)s from another quiz."),
    "question_in_use": _l("%(quizzes)s asks %(id)s too. Take it out there first, then here."),
    "no_question": _l("There is no question yet. A question begins with ##."),
    "no_right_answer": _l("%(question)s has no right answer. Mark it with [x]."),
    "too_few_options": _l("%(question)s needs at least two answers."),
    "option_doubled": _l("“%(text)s” stands twice among the answers."),
    "all_right_option": _l("%(question)s has an answer like “all of them”: it rewards guessing."),
    "no_explanation": _l("%(question)s has no explanation. Write it after the answers with “> ”."),
    "problem_unknown": _l("“%(value)s” is none of the 26 codes."),
    "closes_before_opening": _l("This closes before it opens: nobody could ever take it."),
    "kind_not_for_surveys": _l("%(question)s does not suit a survey. Ask with a scale, options, a line or free text."),
    "anonymity_fixed": _l("People have answered on the promise of “anonymous: %(value)s”; that can no longer change."),
    "feedback_without_closing": _l(
        "feedback: after-close without closes: nobody ever sees the reasons. Set closes, or pre_of for a pre-test."
    ),
    "draw_too_many": _l("%(draw)d questions are drawn, but there are %(questions)d."),
    "right_is_longest": _l("In %(often)d of %(questions)d questions the right answer is the longest: readers notice."),
    "right_in_one_place": _l(
        "In %(often)d of %(questions)d questions the right answer stands in place %(place)d: readers notice."
    ),
    "id_doubled": _l("The id %(id)s stands twice in this text."),
    "id_taken": _l("The id %(id)s is already used in %(path)s."),
    "requirement_unknown": _l("%(id)s does not exist."),
    "requirement_cycle": _l("%(id)s requires itself in the end: nobody could ever begin it."),
    "module_without_lesson": _l("The module %(id)s has no lesson."),
    "no_scene": _l("There is no scene yet. A scene begins with ## and an id."),
    "scene_without_id": _l("“%(title)s” has no id. Write {#id} at the end of the heading."),
    "scene_missing": _l("No scene is called %(target)s."),
    "scene_unreachable": _l("No path leads to the scene %(id)s."),
    "scene_endless": _l("From the scene %(id)s no path comes to an end."),
    "choice_without_value": _l("The choice “%(text)s” does not say what it is worth. Write +2, +1 or 0 after it."),
    "choice_without_reply": _l("The choice “%(text)s” has no answer of the mentor below it."),
    "no_term": _l("There is no term yet. A term begins with ## and an id."),
    "term_without_id": _l("“%(title)s” has no id. Write {#id} at the end of the heading."),
    "term_without_text": _l("“%(title)s” is not explained. Write one or two sentences below it."),
    "term_doubled": _l("“%(id)s” names two terms."),
    "choice_unreadable": _l("“%(text)s” is neither a choice nor an indented answer of the mentor."),
}


def sentence(problem: Problem) -> str:
    """Return what to tell the author."""
    text = str(SENTENCES[problem.code])
    return text % dict(problem.values) if problem.values else text
