"""What is known of a contact before it resolved anything? Pseudo-cases of a cold start."""

from collections.abc import Callable, Mapping

import pyarrow as pa

from leitweg.domain.rosters import Roster
from leitweg.domain.routing import Ints, Profile


def unit_profiles(
    tables: Mapping[str, pa.Table],
    *,
    features: Callable[[str], Ints],
    roster: Roster | None = None,
    least_people: int = 1,
) -> tuple[Profile, ...]:
    """Return one profile per unit of which something is said.

    Parameters
    ----------
    tables
        The canonical tables ``units``, ``people``, ``positions`` and ``qualifications``; any may
        be absent.
    features
        A text to its hashed features (`TextFeatures.of`).
    roster
        Sentences of purpose and permissions of contacts that the tables do not have.
    least_people
        Skills and titles of fewer people of a unit are left out (k in a protected workspace).
    """
    raise NotImplementedError
