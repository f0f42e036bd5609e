"""What people know after a training that they did not know before: paired scores of two tests. Pure.

Normalised gain: R. R. Hake, "Interactive-engagement versus traditional methods", American Journal of Physics 66 (1998),
64–74: what was gained over what could still be gained, ⟨g⟩ = (⟨post⟩ − ⟨pre⟩) / (100 − ⟨pre⟩), of the group's averages.
The mean of single gains leaves out who had 100 before: she had nothing left to gain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, median, stdev
from typing import Any

FEWEST = 3
"""Of fewer pairs nothing is shown: a mean of one or two people would be their score."""

_T_975 = (
    12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985,
    2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614, 2.073873,
    2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.045230, 2.042272,
)  # fmt: skip
"""Student's t, 0.975 quantile, 1 to 30 degrees of freedom."""


@dataclass(frozen=True)
class Pair:
    """One person's scores, exact per cent."""

    before: float
    after: float


@dataclass(frozen=True)
class Gain:
    """What a group gained; scores in per cent, the interval (95 %) in points."""

    n: int
    mean_before: float
    mean_after: float
    median_before: float
    median_after: float
    low: float
    high: float
    normalised: float | None
    """⟨g⟩ of the group's averages; none when the mean before is 100."""
    mean_single: float | None
    """The mean of single gains, without those who had 100 before; none when nobody is left."""
    full_before: int
    """How many had 100 before."""

    @property
    def difference(self) -> float:
        """Mean gain in points."""
        return self.mean_after - self.mean_before


@dataclass(frozen=True)
class Turnout:
    """How many took which test."""

    both: int = 0
    only_before: int = 0
    only_after: int = 0
    neither: int = 0
    waiting: int = 0
    """A score that would count is provisional: a trainer has not marked all of it."""

    @property
    def people(self) -> int:
        """Everyone."""
        return self.both + self.only_before + self.only_after + self.neither + self.waiting


def gain(pairs: Sequence[Pair]) -> Gain | None:
    """Return what a group gained; none for fewer than FEWEST pairs.

    The interval is that of paired differences: mean ± t(0.975, n − 1) · s / √n, which holds for small groups too.
    """
    if len(pairs) < FEWEST:
        return None
    before, after = [pair.before for pair in pairs], [pair.after for pair in pairs]
    differences = [pair.after - pair.before for pair in pairs]
    mean_before, mean_after, middle = fmean(before), fmean(after), fmean(differences)
    half = t_quantile(len(pairs) - 1) * stdev(differences) / sqrt(len(pairs))
    singles = [(pair.after - pair.before) / (100 - pair.before) for pair in pairs if pair.before < 100]
    return Gain(
        n=len(pairs), mean_before=mean_before, mean_after=mean_after,
        median_before=median(before), median_after=median(after), low=middle - half, high=middle + half,
        normalised=(mean_after - mean_before) / (100 - mean_before) if mean_before < 100 else None,
        mean_single=fmean(singles) if singles else None, full_before=len(pairs) - len(singles),
    )  # fmt: skip


def t_quantile(freedom: int) -> float:
    """Return Student's t for a two-sided interval of 95 %; right to five digits for every number of degrees ≥ 1.

    Up to 30 from the table, beyond by expansion in 1/freedom about the normal quantile: Abramowitz and Stegun,
    Handbook of Mathematical Functions, 26.7.5.
    """
    if freedom <= len(_T_975):
        return _T_975[freedom - 1]
    z = NormalDist().inv_cdf(0.975)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def question_pairs(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the ids of questions that ask the same thing, in the order of the first test.

    Tests are written side by side: `…-pra-q07` and `…-pasca-q07` are one question with two cases, so ids pair by what
    follows their last dash. Where no two ids agree, tests of equal length pair in order, others not at all.
    """
    ends = {_end(question["id"]): question["id"] for question in after}
    paired = [(question["id"], ends[_end(question["id"])]) for question in before if _end(question["id"]) in ends]
    if paired or len(before) != len(after):
        return paired
    return [(one["id"], other["id"]) for one, other in zip(before, after, strict=True)]


def _end(question_id: str) -> str:
    return question_id.rsplit("-", 1)[-1]
