"""What is too small to be told joins others: "A -> other". Nothing is dropped in silence."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leitweg.domain.breakdown import Axis, Contributions, Group, Ints
from leitweg.privacy.eras import least_people
from leitweg.privacy.threshold import K

OTHER = "other"


def with_merged_groups(contributions: Contributions, *, k: int = K) -> Contributions:
    """Return the contributions with the small groups of each axis merged into one.

    A group of fewer than k people joins "other"; where those are fewer than k together, the next
    smallest groups join them too. A group is judged by all people of the axis, whatever the other
    axis or a condition says: the same question leads to the same groups in every table.
    """
    axes, places = [], []
    person, counted = contributions.person, contributions.counted
    persons = contributions.persons
    for axis, place in zip(contributions.axes, contributions.places, strict=True):
        people = [
            [persons[i] for i in np.unique(person[counted & (place == at)]).tolist()]
            for at in range(len(axis.groups))
        ]
        small = small_groups(people, [group.label for group in axis.groups], k)
        axis, place = _merged(axis, place, small)
        axes.append(axis)
        places.append(place)
    return replace(contributions, axes=tuple(axes), places=tuple(places))


def small_groups(people: Sequence[Sequence[str]], labels: Sequence[str], k: int) -> list[int]:
    """Return the groups to merge; none where nothing would be left beside them or be gained."""
    sizes = [least_people(ids) for ids in people]
    order = sorted(range(len(labels)), key=lambda i: (sizes[i], labels[i]))
    merged = [i for i in order if sizes[i] < k]
    if not merged:
        return []
    together = frozenset[str]().union(*(people[i] for i in merged))
    for i in order[len(merged) :]:
        if least_people(together) >= k:
            break
        merged.append(i)
        together |= frozenset(people[i])
    return merged if len(merged) > 1 and least_people(together) >= k else []


def _merged(axis: Axis, place: Ints, small: Sequence[int]) -> tuple[Axis, Ints]:
    if not small:
        return axis, place
    kept = [i for i in range(len(axis.groups)) if i not in set(small)]
    names = tuple(sorted(axis.groups[i].label for i in small))
    code = np.full(len(axis.groups) + 1, len(kept), np.int64)
    code[kept] = np.arange(len(kept))
    # the last one is met by groups that the question does not meet, whose place is -1
    code[-1] = -1
    groups = (*(axis.groups[i] for i in kept), Group("", OTHER, names))
    return Axis(axis.attribute, groups), code[place]
