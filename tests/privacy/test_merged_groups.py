"""What is too small joins others, and is never dropped."""

import numpy as np
import pytest

from leitweg.domain.breakdown import Axis, Contributions, Group
from leitweg.privacy.merged_groups import with_merged_groups

MANY = {"A": 9, "B": 7}


def contributions(sizes):
    names = [*sizes]
    place = np.repeat(np.arange(len(names)), list(sizes.values()))
    n = place.size
    return Contributions(
        (Axis("unit", tuple(map(Group, names))),),
        (place,),
        np.arange(n),
        np.arange(n),
        np.ones(n),
        np.ones(n, dtype=bool),
        tuple(f"p-{i}" for i in range(n)),
    )


def groups_of(merged):
    (axis,), (place,) = merged.axes, merged.places
    return {
        (group.label or group.merged): int((place == i).sum())
        for i, group in enumerate(axis.groups)
    }


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (MANY, {"A": 9, "B": 7}),
        ({**MANY, "C": 3, "D": 2}, {"A": 9, "B": 7, ("C", "D"): 5}),
        # alone it would follow from the total: the next smallest joins it
        ({**MANY, "C": 3}, {"A": 9, ("B", "C"): 10}),
        # nothing is gained where all together are too few
        ({"A": 2, "B": 2}, {"A": 2, "B": 2}),
    ],
)
def test_the_few_are_merged_until_they_are_enough(sizes, expected):
    assert groups_of(with_merged_groups(contributions(sizes), k=5)) == expected


def test_nobody_is_lost():
    merged = with_merged_groups(contributions({**MANY, "C": 3, "D": 1, "E": 1}), k=5)
    assert sum(groups_of(merged).values()) == 21
    assert (merged.places[0] >= 0).all()
