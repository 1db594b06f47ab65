"""What the privacy door holds back of an answer, and what to do next, in words.

The words are the same whichever rule it was: the reason would itself tell of few people.
"""

from leitweg.domain.comparison import ReleasedComparison
from leitweg.domain.situation import ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.forms import count, number

Released = ReleasedSituation | ReleasedComparison
USUAL_K = 5


def is_all_held_back(released: ReleasedSituation) -> bool:
    """Whether not one figure may be shown: not even how many cases there are."""
    figures = released.figures
    few = any(f.name == "cases" and f.held_back for f in figures)
    return few and all(f.value is None for f in figures)


def all_held_back(released: Released, language: str) -> str:
    """Return the sentence that stands in place of the figures where all are held back."""
    k, helping = number(language, released.k, 0), _help(released, language)
    return translate(language, "situation.all_held_back", k=k, help=helping)


def held_back_sentences(released: ReleasedSituation, language: str) -> list[str]:
    """Return one sentence that counts the rows held back, and one on a threshold that grew.

    Edges of the network are left out of the count: they are the links once more.
    """
    reasons = (
        *(row.held_back for row in released.units),
        *(row.held_back for row in released.links),
        *(row.held_back for row in released.findings),
        *(row.held_back for row in released.loads),
        *(row.held_back for row in released.network.absent_links),
    )
    n = sum(reason is not None for reason in reasons)
    k = number(language, released.k, 0)
    told = []
    if n:
        rows = count(language, "row", n)
        helping = _help(released, language)
        told.append(translate(language, "situation.held_back", rows=rows, k=k, help=helping))
    if _asks_for_more(released):
        told.append(translate(language, "situation.more_people", k=k, usual=USUAL_K))
    return told


def _asks_for_more(released: Released) -> bool:
    return released.profile == "protected" and released.k > USUAL_K


def _help(released: Released, language: str) -> str:
    # where people are known by quarter alone, a longer period asks for more of them
    quarters = "_quarters" if _asks_for_more(released) else ""
    return translate(language, f"situation.held_back.help{quarters}")
