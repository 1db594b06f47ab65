"""Why this contact? What each part of the evidence adds to its log odds, and cases behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import Evidence
from leitweg.routing.contexts import FIRST, HANDED, UNIT
from leitweg.routing.count_loops import CONTACT_BITS, find
from leitweg.routing.counts import WIDTH
from leitweg.routing.experts import EXTRAS, Asked, Experts
from leitweg.routing.logit import Weights

LEAST_WEIGHT = 0.05
"""What changes the odds by less than a twentieth is no reason."""
MOST_REASONS = 4
MOST_SIMILAR = 3


@dataclass(frozen=True)
class Added:
    """What each part of the evidence adds to the log odds of each candidate of a request.

    Beyond what it adds to the average candidate; ``contexts`` of shape (candidates, kinds),
    ``extras`` of shape (candidates, `EXTRAS`).
    """

    contexts: NDArray[np.float64]
    extras: NDArray[np.float64]


def added_by(asked: Asked, listed: NDArray[np.int64], weights: Weights) -> Added:
    """Return what the evidence adds to the candidates in these places."""
    mean = asked.features.mean(axis=0, dtype=np.float64)
    added = (asked.features[listed] - mean) * weights.per_unit
    split = added.shape[1] - len(EXTRAS)
    by_context = added[:, :split].reshape(listed.size, split // WIDTH, WIDTH).sum(axis=2)
    return Added(by_context, added[:, split:])


def reasons_of(
    experts: Experts, asked: Asked, j: int, added: Added, row: int, values: Mapping[str, str]
) -> tuple[Evidence, ...]:
    """Return the reasons for candidate ``j``, row ``row`` of ``added``, the weightiest first."""
    weighty = np.flatnonzero(added.contexts[row] >= LEAST_WEIGHT)
    found = [
        _of_context(experts, asked, j, k, weight, values)
        for k, weight in zip(weighty.tolist(), added.contexts[row][weighty].tolist(), strict=True)
    ]
    found += _of_extras(experts, asked, j, added.extras[row].tolist())
    kept = [e for e in found if e is not None and e.weight >= LEAST_WEIGHT]
    return tuple(sorted(kept, key=lambda e: -e.weight)[:MOST_REASONS])


def similar_of(experts: Experts, asked: Asked, j: int) -> tuple[str, ...]:
    """Return the nearest closed cases that candidate ``j`` resolved, nearest first."""
    if asked.similar is None:
        return ()
    own = asked.similar.numbers[asked.similar.labels == asked.contacts[j]]
    own = own[own >= 0]
    return tuple(experts.case_ids[number] for number in own[:MOST_SIMILAR])


def _of_context(
    experts: Experts,
    asked: Asked,
    j: int,
    k: int,
    weight: float,
    values: Mapping[str, str],
) -> Evidence | None:
    names, x = experts.kinds[k].names, int(asked.contexts[k])
    if x < 0:
        return None
    table = experts.counts.table
    slot = find(table.keys, table.slots, (x << CONTACT_BITS) + int(asked.contacts[j]))
    if slot < 0:
        return None
    at_us = int(table.at_us[slot])
    kind = "attributes"
    if not names:
        kind = "recent"
    elif HANDED in names:
        kind = "handed"
    elif FIRST in names:
        kind = "first"
    elif UNIT in names:
        kind = "unit"
    shown = {n: values[n] for n in names if n in values and n not in (FIRST, HANDED, UNIT)}
    if HANDED in names:
        shown["from"] = values[HANDED]
    if FIRST in names:
        shown["first"] = values[FIRST]
    if UNIT in names:
        shown["unit"] = experts.unit_of(int(asked.contacts[j])) or ""
    return Evidence(
        kind,
        weight,
        shown,
        resolved=int(table.plain[slot]),
        cases=int(table.total[x]),
        last_us=at_us if at_us > 0 else None,
    )


def _of_extras(
    experts: Experts, asked: Asked, j: int, added: Sequence[float]
) -> list[Evidence | None]:
    own = dict(zip(EXTRAS, added, strict=True))
    found: list[Evidence | None] = [
        Evidence("words", own["words"]),
        Evidence("first", own["is_first"]),
    ]
    if asked.similar is not None:
        labels = asked.similar.labels
        resolved = int((labels == asked.contacts[j]).sum())
        weight = own["similar"] + own["most_similar"]
        if resolved:
            found.append(Evidence("similar", weight, resolved=resolved, cases=int(labels.size)))
    unit = experts.unit_of(int(asked.contacts[j]))
    if unit is not None:
        found.append(Evidence("unit", own["unit_share"], {"unit": unit}))
    return found
