"""How many rows of an answer the privacy door holds back, in words."""

from leitweg.domain.situation import ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.forms import count, number


def held_back_sentences(released: ReleasedSituation, language: str) -> list[str]:
    """Return one sentence that counts the rows held back, or none.

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
    if not n:
        return []
    values = {"rows": count(language, "row", n), "k": number(language, released.k, 0)}
    return [translate(language, "situation.held_back", **values)]
