"""What the codes of advice say to a trainer: what is seen, and what to do."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from lms.rules.advice import Advice

SENTENCES = {
    "few": _l("%(n)d attempts so far: too few to judge this question. From %(enough)d on, its figures begin to speak."),
    "wrong_favourite": _l("%(number)d of %(n)d chose %(letter)s, more than the right answer: check the key."),
    "better_choose_wrong": _l(
        "Those who chose %(letter)s did better in the quiz than those who chose the right answer: check the key and "
        "the wording."
    ),
    "all_right": _l("Everyone is right: too easy to tell people apart."),
    "easy": _l("%(facility)d %% of the points were earned: too easy to tell people apart."),
    "hard": _l("Only %(facility)d %% of the points were earned: check the key, then the wording."),
    "no_better_than_guessing": _l("People did no better than by guessing (%(guess)d %%): check what it asks for."),
    "negative": _l("Those who did well in the rest of the quiz did worse here: check the key and the wording."),
    "weak": _l("It hardly tells apart who did well from who did not (%(index)d %%): sharpen the question."),
    "idle": _l("Nobody chose %(letters)s: write something that sounds more likely, or leave it out."),
    "often_blank": _l("%(number)d of %(n)d gave no answer: check whether it is clear and whether time is enough."),
    "quiz_few": _l("%(n)d attempts so far: from %(enough)d on, the figures begin to speak."),
    "quiz_waiting": _l("%(number)d attempts wait to be marked and are not counted yet."),
    "alpha_none": _l(
        "How well the questions hang together cannot be said: attempts differ in length or all are alike."
    ),
    "alpha_low": _l("The questions hang together poorly: begin with those that do not discriminate."),
    "alpha_fair": _l("The questions hang together fairly well."),
    "alpha_good": _l("The questions hang together well."),
}


def sentence(advice: Advice) -> LazyString | str:
    """Return what a piece of advice says."""
    return SENTENCES[advice.code] % advice.values if advice.values else SENTENCES[advice.code]
