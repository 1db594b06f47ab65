"""Between which two units do cases wait longer than the receiver lets others wait?

Method: docs/methods/slow-links.md.
"""

from leitweg.situation.basis import Basis
from leitweg.situation.candidate import Candidate
from leitweg.situation.link_contrast import Contrasts, judged_links, link_candidate, link_price


def slow_links(basis: Basis, contrasts: Contrasts) -> list[Candidate]:
    """Links that wait longer than the receiver's other receipts, in the order of (from, to).

    One candidate per link: all of it, or the topics that are slow.
    """
    found = []
    for places in judged_links(basis, contrasts, sign=1.0):
        price = link_price(basis, contrasts, places, 1.0)
        if price is not None and price.low > 0:
            found.append(link_candidate(basis, contrasts, places, price, kind="slow_link"))
    return found
