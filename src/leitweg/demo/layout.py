"""The layout of a test company: which topics exist and which way each takes.

Three sorts of units, as in a service firm: *front* units take cases in and pass them on, *core*
units work in the middle of some topics and resolve others, *specialists* resolve a smaller part
of several topics and are in the middle of none. Every topic enters at two front units, runs
through 0 to 3 core units and ends at a core unit or, for the smaller part, at a specialist. Roles
are dealt in turn, so every unit but the front ones is home of several topics and receives from
several senders: without such contrast nobody could tell a slow unit from a slow link.

A topic never goes both from a to n and from a through W to n by itself, and nothing bounces by
itself: what is found in a plain company without faults was not there.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leitweg.demo.plan import CompanyPlan, TopicPath

MIDDLE_DECK = (0, 1, 1, 1, 1, 2, 2, 2, 2, 3)


@dataclass(frozen=True)
class Roles:
    """Which units are front, core and specialist."""

    front: tuple[int, ...]
    core: tuple[int, ...]
    specialist: tuple[int, ...]


def roles_of(n_units: int) -> Roles:
    """Deal the units: a quarter front, a third specialists, the rest core.

    >>> [len(r) for r in (roles_of(12).front, roles_of(12).core, roles_of(12).specialist)]
    [3, 5, 4]
    """
    if n_units < 8:
        raise ValueError("a company of fewer than 8 units has no room for three sorts of units")
    n_front, n_specialist = round(n_units / 4), round(n_units / 3)
    units = tuple(range(n_units))
    return Roles(units[:n_front], units[n_front : n_units - n_specialist], units[-n_specialist:])


def topics_of(plan: CompanyPlan) -> tuple[TopicPath, ...]:
    """Return the topics of a plan: its own, or those its seed draws."""
    if plan.topics:
        return plan.topics
    rng = np.random.default_rng((plan.seed, 1))
    roles = roles_of(plan.n_units)
    weights = rng.permutation(np.linspace(0.6, 1.4, plan.n_topics))
    homes = _dealt(rng, roles.core, plan.n_topics)
    seconds = _dealt(rng, roles.specialist, plan.n_topics)
    lengths = rng.permutation([MIDDLE_DECK[i % 10] for i in range(plan.n_topics)])
    used = dict.fromkeys(roles.core, 0)
    return tuple(
        _topic(rng, roles, used, float(weights[t]), homes[t], seconds[t], int(lengths[t]))
        for t in range(plan.n_topics)
    )


def _topic(
    rng: np.random.Generator,
    roles: Roles,
    used: dict[int, int],
    weight: float,
    home: int,
    second: int,
    length: int,
) -> TopicPath:
    entries = rng.permutation(roles.front)[:2]
    first = float(rng.uniform(0.5, 0.75))
    resolved_at_home = float(rng.uniform(0.66, 0.86))
    return TopicPath(
        weight=weight,
        entries=(int(entries[0]), int(entries[1])),
        entry_shares=(first, 1.0 - first),
        middle=_middle(rng, used, home, length),
        homes=(home, second),
        home_shares=(resolved_at_home, 1.0 - resolved_at_home),
    )


def _middle(
    rng: np.random.Generator, used: dict[int, int], home: int, length: int
) -> tuple[int, ...]:
    order = rng.permutation([u for u in used if u != home])
    # the least used first, so that the middle of the company is not one unit
    chosen = sorted((int(u) for u in order), key=lambda u: used[u])[:length]
    for unit in chosen:
        used[unit] += 1
    return tuple(int(u) for u in rng.permutation(chosen)) if chosen else ()


def _dealt(rng: np.random.Generator, units: tuple[int, ...], n: int) -> list[int]:
    deck: list[int] = []
    while len(deck) < n:
        deck.extend(int(u) for u in rng.permutation(units))
    return deck[:n]


def unit_effects(plan: CompanyPlan) -> npt.NDArray[np.float64]:
    """Return by what factor each unit lets cases wait longer by itself; 1 in a plain company."""
    rng = np.random.default_rng((plan.seed, 2))
    return np.asarray(np.exp(plan.unit_log_sd * rng.standard_normal(plan.n_units)))


def link_effects(plan: CompanyPlan) -> npt.NDArray[np.float64]:
    """Return the same for each link, sender in rows, receiver in columns."""
    rng = np.random.default_rng((plan.seed, 3))
    return np.asarray(np.exp(plan.link_log_sd * rng.standard_normal((plan.n_units, plan.n_units))))
