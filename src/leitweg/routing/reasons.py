"""Why this contact? What each part of the evidence adds to its log odds, and cases behind it."""

from collections.abc import Mapping

import numpy as np

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


def reasons_of(
    experts: Experts, asked: Asked, j: int, weights: Weights, values: Mapping[str, str]
) -> tuple[Evidence, ...]:
    """Return the reasons for candidate ``j``, the weightiest first.

    A reason weighs what its features add to the score of the candidate beyond what they add to
    the average candidate.
    """
    parts = asked.features * weights.per_unit
    added = parts[j] - parts.mean(axis=0)
    found = [_of_context(experts, asked, j, k, added, values) for k in range(len(experts.kinds))]
    found += _of_extras(experts, asked, j, added)
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
    added: np.ndarray,
    values: Mapping[str, str],
) -> Evidence | None:
    names, x = experts.kinds[k].names, int(asked.contexts[k])
    weight = float(added[k * WIDTH : (k + 1) * WIDTH].sum())
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


def _of_extras(experts: Experts, asked: Asked, j: int, added: np.ndarray) -> list[Evidence | None]:
    own = dict(zip(EXTRAS, added[len(experts.kinds) * WIDTH :], strict=True))
    found: list[Evidence | None] = [
        Evidence("words", float(own["words"])),
        Evidence("first", float(own["is_first"])),
    ]
    if asked.similar is not None:
        labels = asked.similar.labels
        resolved = int((labels == asked.contacts[j]).sum())
        weight = float(own["similar"] + own["most_similar"])
        if resolved:
            found.append(Evidence("similar", weight, resolved=resolved, cases=int(labels.size)))
    unit = experts.unit_of(int(asked.contacts[j]))
    if unit is not None:
        found.append(Evidence("unit", float(own["unit_share"]), {"unit": unit}))
    return found
