"""Between which two units do cases wait longer than the receiver lets others wait?

Method: docs/methods/slow-links.md.
"""

from leitweg.situation.basis import Basis
from leitweg.situation.candidate import Candidate
from leitweg.situation.link_contrast import Contrasts, judged_links, link_candidate


def slow_links(basis: Basis, contrasts: Contrasts) -> list[Candidate]:
    """Links that wait longer than the receiver's other receipts, in the order of (from, to).

    One candidate per link: all of it, or the topics that are slow.
    """
    found = (
        link_candidate(basis, contrasts, places, kind="slow_link")
        for places in judged_links(basis, contrasts, sign=1.0)
    )
    return [candidate for candidate in found if candidate is not None]
