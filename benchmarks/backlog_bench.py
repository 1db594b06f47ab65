"""A backlog of 2,000 requests for 300 contacts: how long, how many right, how the load is spread.

python -m benchmarks.backlog_bench [REQUESTS CONTACTS]
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import markdown_table
from leitweg.routing.assignment import LEAST_SHARE, figures_of
from leitweg.routing.matching import Room, greedy, likeliest, optimal

REQUESTS, CONTACTS, CANDIDATES, TEAMS = 2_000, 300, 35, 30
PRICES = (0.0, 0.25, 0.5, 1.0, 2.0)
ROOMS = (1.1, 1.5, 3.0)
"""Room of all contacts together, in shares of the backlog."""
Floats = NDArray[np.float64]


def planted_backlog(
    requests: int, contacts: int, seed: int = 0
) -> tuple[Floats, NDArray[np.int64]]:
    """Return calibrated probabilities and, drawn by them, who is right (-1 for someone else).

    A request belongs to a team of ten contacts, some of whom are asked far more often.
    """
    rng = np.random.default_rng(seed)
    team = rng.permutation(contacts) % min(TEAMS, contacts)
    fame = rng.pareto(1.5, contacts) + 0.1
    chances = np.zeros((requests, contacts))
    for row, own in enumerate(rng.integers(0, team.max() + 1, requests)):
        pull = fame * np.where(team == own, 1.0, 0.003) * rng.gamma(0.5, 1.0, contacts)
        chosen = np.argsort(-pull)[:CANDIDATES]
        chances[row, chosen] = 0.95 * pull[chosen] / pull.sum()
    left = np.cumsum(chances, axis=1)
    drawn = rng.random((requests, 1))
    right = np.where(drawn[:, 0] < left[:, -1], (left < drawn).sum(axis=1), -1)
    chances[chances < LEAST_SHARE * chances.max(axis=1, keepdims=True)] = 0
    return chances, right


def backlog_section(requests: int = REQUESTS, contacts: int = CONTACTS) -> str:
    """Measure greedy, optimal and likeliest for several prices and rooms."""
    chances, right = planted_backlog(requests, contacts)
    rows = []
    for share in ROOMS:
        rows.append(_row(share, "-", "likeliest", chances, right, _room(share, chances, 0.0)))
        for price in PRICES:
            room = _room(share, chances, price)
            rows += [_row(share, f"{price:g}", way, chances, right, room) for way in WAYS]
    title = f"## Backlog of {requests:,} requests, {contacts} contacts"
    return "\n\n".join([title, TOLD, markdown_table(COLUMNS, rows)])


WAYS: dict[str, Callable[[Floats, Room], NDArray[np.int64]]] = {
    "greedy": greedy,
    "optimal": optimal,
}
COLUMNS = [
    "room, share of backlog",
    "price",
    "way",
    "seconds",
    "assigned",
    "expected right",
    "truly right",
    "most for one",
    "highest load, share",
    "Gini",
]
TOLD = (
    "Planted: contacts in teams of ten, some far more in demand; the probabilities are calibrated "
    "and who is right is drawn from them. Loads before are drawn between 0 and the capacity. "
    "Greedy and optimal keep to the capacity; likeliest does not."
)


def _room(share: float, chances: Floats, price: float) -> Room:
    requests, contacts = chances.shape
    # half of the capacity is taken before, on average
    capacity = np.full(contacts, np.ceil(2 * share * requests / contacts))
    load = np.random.default_rng(1).integers(0, int(capacity[0]) + 1, contacts).astype(float)
    return Room(load, capacity, price, 1.0)


def _row(
    share: float,
    price: str,
    way: str,
    chances: Floats,
    right: NDArray[np.int64],
    room: Room,
) -> list[str]:
    started = time.perf_counter()
    taken = likeliest(chances) if way == "likeliest" else WAYS[way](chances, room)
    seconds = time.perf_counter() - started
    found = figures_of(chances, taken, room, np.ones(chances.shape[1], bool))
    return [
        f"{share:g}",
        price,
        way,
        f"{seconds:.2f}",
        f"{found.assigned:,}",
        f"{found.expected_right:.1f}",
        f"{int(((taken == right) & (taken >= 0)).sum()):,}",
        str(found.max_new),
        f"{found.max_load_share:.2f}",
        f"{found.gini:.3f}",
    ]


if __name__ == "__main__":
    sys.stdout.write(backlog_section(*(int(n) for n in sys.argv[1:])) + "\n")
