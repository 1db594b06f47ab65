"""A release ledger of one size, measured: filled, or asked by a process that just started.

python -m benchmarks.ledger_task fill|ask FOLDER RELEASES PEOPLE
"""

import itertools
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from leitweg.privacy.ledger import Ledger
from leitweg.privacy.ledger_files import FOLDER
from leitweg.store.application import open_database

KEY = bytes(range(32))
VALUES = (60, 8, 6, 5, 6, 2)  # of unit, position, site, band, years, contract
ALWAYS = (None, None)
PAGE, NEW, BATCH = 2_000, 40, 250
LEAST = 5
LEFT = "left.json"  # which of the questions, by number
Answer = dict[str, object]


def one_value(people: int) -> Iterator[list[str]]:
    """Yield the people of each value of an attribute, then of each two values."""
    company, names = _company(people)
    for attribute, n in enumerate(VALUES):
        yield from (names[company[attribute] == value].tolist() for value in range(n))
    for one, two in itertools.combinations(range(len(VALUES)), 2):
        for x, y in itertools.product(range(VALUES[one]), range(VALUES[two])):
            yield names[(company[one] == x) & (company[two] == y)].tolist()


def some_values(people: int, seed: int) -> Iterator[list[str]]:
    """Yield people by filters on two attributes, each with some of its values."""
    company, names = _company(people)
    rng = np.random.default_rng(seed)
    while True:
        chosen = np.ones(people, bool)
        for attribute in rng.choice(len(VALUES), 2, replace=False):
            chosen &= (rng.random(VALUES[attribute]) < 0.4)[company[attribute]]
        yield names[chosen].tolist()


def _company(people: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    company = np.array([rng.integers(0, n, people) for n in VALUES])
    return company, np.array([f"p-{number:032x}" for number in range(people)])


def fill(folder: Path, releases: int, people: int) -> Answer:
    """Ask until so many sets left."""
    ledger = Ledger(open_database(folder, "aa11"), KEY)
    questions = itertools.chain(one_value(people), some_values(people, 0))
    left, asked = list[int](), 0
    while len(left) < releases:
        batch = list(itertools.islice(questions, min(BATCH, releases - len(left))))
        answers = ledger.decide("waiting", ALWAYS, batch)
        left += [asked + at for at, allowed in enumerate(answers) if allowed]
        asked += len(batch)
    (folder / LEFT).write_text(json.dumps(left))
    sizes = [path.stat().st_size for path in (folder / FOLDER).iterdir()]
    database = (folder / "application.sqlite").stat().st_size
    return {"asked": asked, "computed_mb": sum(sizes) / 1e6, "database_mb": database / 1e6}


def ask(folder: Path, people: int) -> Answer:
    """Ask for a page of known cells twice, then for new sets one after the other."""
    left = json.loads((folder / LEFT).read_text())[:PAGE]
    questions = itertools.chain(one_value(people), some_values(people, 0))
    asked = list(itertools.islice(questions, left[-1] + 1))
    page = [asked[at] for at in left]
    ledger = Ledger(open_database(folder, "aa11"), KEY)
    pages = [_seconds(ledger, page)[0] for _ in range(2)]
    new = (one for one in some_values(people, 1) if len(one) >= LEAST)
    inside = [_seconds(ledger, [one]) for one in itertools.islice(new, NEW)]
    rng = np.random.default_rng(1)
    _, names = _company(people)
    drawn = (names[rng.random(people) < rng.uniform(0.05, 0.6)].tolist() for _ in range(NEW))
    outside = [_seconds(ledger, [one]) for one in drawn]
    return {
        "first_page": pages[0],
        "page": pages[1],
        "open": inside[0],
        "inside": inside[1:],
        "outside": outside,
    }


def _seconds(ledger: Ledger, sets: list[list[str]]) -> tuple[float, float]:
    """Return the wall and CPU seconds of one question."""
    wall, cpu = time.perf_counter(), time.process_time()
    ledger.decide("waiting", ALWAYS, sets)
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Run one task and print its answer."""
    task, folder = sys.argv[1], Path(sys.argv[2])
    releases, people = (int(word) for word in sys.argv[3:5])
    folder.mkdir(exist_ok=True)
    answer = fill(folder, releases, people) if task == "fill" else ask(folder, people)
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
