"""Backlogs of the Apache issues: what does a cap cost, and what does the optimum give back?

python -m benchmarks.backlog_real WORKSPACE

The workspace holds the issues, imported with
`leitweg import apache_issues.csv.gz --kind cases --profile open --time-zone UTC
--map case_id=issue --map at=created_at --map unit=team --map person=assignee
--map text=description`.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import markdown_table
from leitweg.domain.routing import Closed, Coded, History, Request
from leitweg.routing.assignment import CANDIDATES, chances_of
from leitweg.routing.fit import fit
from leitweg.routing.history import rows_of
from leitweg.routing.matching import Room, greedy, likeliest, optimal
from leitweg.routing.router import Router
from leitweg.store import open_workspace
from leitweg.studies.router_history import history_at

WINDOW, TRAIN_SHARE = 200, 0.8
CAPS, PRICES = (3, 5, 10), (0.0, 0.5, 1.0, 2.0)
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """One backlog: probabilities per request and contact, and who was right (-1: nobody asked)."""

    chances: Floats
    right: Ints


def windows(history: History) -> Iterator[Window]:
    """Yield the backlogs of the later cases; each is learnt after it was yielded."""
    cut = int(TRAIN_SHARE * history.n_cases)
    router = fit(_first(history, cut), level="person")
    for begin in range(cut, history.n_cases - WINDOW + 1, WINDOW):
        cases = range(begin, begin + WINDOW)
        yield _window(router, history, cases)
        for case in cases:
            _learn(router, history, case)


def _window(router: Router, history: History, cases: Sequence[int]) -> Window:
    requests = [_request(history, case) for case in cases]
    rankings = [router.rank(one, top=CANDIDATES, explain=False) for one in requests]
    # every request is assigned here, so that the ways can be compared on all of them
    contacts, chances = chances_of([replace(one, abstain=False) for one in rankings])
    place = {name: i for i, name in enumerate(contacts)}
    right = [place.get(_person(history, case), -1) for case in cases]
    return Window(chances, np.array(right))


def _first(history: History, count: int) -> History:
    rows = np.arange(count)

    def coded(column: Coded) -> Coded:
        return Coded(column.codes[rows], column.labels)

    return replace(
        history,
        case_ids=history.case_ids[:count],
        opened=history.opened[rows],
        closed=history.closed[rows],
        attributes={name: coded(column) for name, column in history.attributes.items()},
        text=None if history.text is None else rows_of(history.text, rows),
        unit=coded(history.unit),
        person=coded(history.person),
        unit_path=rows_of(history.unit_path, rows),
        person_path=rows_of(history.person_path, rows),
    )


def _request(history: History, case: int) -> Request:
    known = {
        n: c.labels[c.codes[case]] for n, c in history.attributes.items() if c.codes[case] >= 0
    }
    text = None if history.text is None else history.text.row(case)
    return Request(int(history.opened[case]), known, text)


def _person(history: History, case: int) -> str:
    return history.person.labels[history.person.codes[case]]


def _learn(router: Router, history: History, case: int) -> None:
    unit = history.unit.labels[history.unit.codes[case]]
    person, closed_us = _person(history, case), int(history.closed[case])
    router.close(Closed(_request(history, case), person, closed_us, unit=unit))


def _ways() -> dict[str, Callable[[Window], Ints]]:
    ways: dict[str, Callable[[Window], Ints]] = {
        "people": lambda one: one.right,
        "likeliest": lambda one: likeliest(one.chances),
    }
    for cap in CAPS:
        for price in PRICES:
            for name, way in (("greedy", greedy), ("optimal", optimal)):
                ways[f"{name}, at most {cap}, price {price:g}"] = (
                    lambda one, way=way, cap=cap, price=price: way(
                        one.chances, _room(one, cap, price)
                    )
                )
    return ways


def _room(one: Window, cap: float, price: float) -> Room:
    contacts = one.chances.shape[1]
    return Room(np.zeros(contacts), np.full(contacts, float(cap)), price, 1.0)


def main() -> None:
    """Print the table."""
    found = list(windows(history_at(open_workspace(Path(sys.argv[1])))))
    rows = [_row(name, way, found) for name, way in _ways().items()]
    header = ["way", "right", "assigned", "expected right", "most for one"]
    sys.stdout.write(f"{len(found)} windows of {WINDOW}\n\n{markdown_table(header, rows)}\n")


def _row(name: str, way: Callable[[Window], Ints], found: Sequence[Window]) -> list[str]:
    taken = [way(one) for one in found]
    hits = [(t == w.right)[t >= 0].sum() for t, w in zip(taken, found, strict=True)]
    given = [np.flatnonzero(t >= 0) for t in taken]
    expected = [w.chances[g, t[g]].sum() for t, w, g in zip(taken, found, given, strict=True)]
    most = [np.bincount(t[g]).max() for t, g in zip(taken, given, strict=True)]
    return [
        name,
        f"{np.mean(hits) / WINDOW:.3f}",
        f"{np.mean([g.size for g in given]) / WINDOW:.3f}",
        f"{np.mean(expected):.1f}",
        f"{np.mean(most):.1f}",
    ]


if __name__ == "__main__":
    main()
