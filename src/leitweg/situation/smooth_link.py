"""Which ways are smooth, and what do they save the customer against comparable ways?

Method: docs/methods/smooth-links.md.
"""

import numpy as np

from leitweg.situation.basis import Basis
from leitweg.situation.candidate import Candidate
from leitweg.situation.cells import Cells
from leitweg.situation.link_contrast import (
    Contrasts,
    Place,
    judged_links,
    link_candidate,
)

# more waits than this under a minute: a change of label, not a smooth way
_ZERO_HEAVY_SHARE = 0.3


def smooth_links(basis: Basis, contrasts: Contrasts) -> list[Candidate]:
    """Links that wait shorter than the receiver's other receipts: the good examples.

    The price is what they save: the waiting that would occur at the receiver's usual level.
    """
    found = []
    for places in judged_links(basis, contrasts, sign=-1.0):
        real = [p for p in places if not _zero_heavy(contrasts.cells, p)]
        candidate = link_candidate(basis, contrasts, real, kind="smooth_link") if real else None
        if candidate is not None:
            found.append(candidate)
    return found


def _zero_heavy(cells: Cells, place: Place) -> bool:
    hours = cells.wait_hours[np.isin(cells.cell, place.members)]
    return bool((hours < 1 / 60).mean() > _ZERO_HEAVY_SHARE)
