"""Does the model say which absent links will appear? A mail log with people and managers.

    python -m benchmarks.gap_prediction FOLDER [--validate] [--replicates 1000]

FOLDER holds communication.csv.gz and reportsto.csv (doi 10.7910/DVN/6Z3CGX). Learns on January to
June 2010, is scored on July to September. With --validate everything moves inside the first six
months (learns on January to April, is scored on May and June): there alone terms and constants
were chosen. Prints one line per predictor.
"""

import argparse
import csv
import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.contacts import Contacts, counts_between
from leitweg.situation.link_prediction import absent_pairs, came_later, forecast_links
from leitweg.situation.prediction_scores import (
    adaptive_calibration_error,
    average_precision,
    calibration_error,
    log_loss,
)

YEAR = 2010


@dataclass(frozen=True)
class Trial:
    """Absent pairs, whether each came, and what every predictor says."""

    sender: Ints
    receiver: Ints
    came: Flags
    scores: dict[str, Floats]


def month_start(month: int) -> int:
    """Microseconds; the log's own clock is taken as UTC, which shifts all moments alike."""
    return int(datetime(YEAR, month, 1, tzinfo=UTC).timestamp()) * 1_000_000


def mail_log(folder: Path) -> Contacts:
    """Read the log: one row per receiver; rows of one sender at one second are one message."""
    with gzip.open(folder / "communication.csv.gz", "rt", encoding="utf-8") as file:
        rows = [
            (int(sender), int(receiver), datetime.fromisoformat(at).replace(tzinfo=UTC))
            for sender, receiver, at in list(csv.reader(file, delimiter=";"))[1:]
        ]
    with (folder / "reportsto.csv").open(encoding="utf-8") as file:
        reports = [(int(a), int(b)) for a, b in list(csv.reader(file))[1:]]
    sender, receiver = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    at_us = np.array([int(at.timestamp()) for _, _, at in rows]) * 1_000_000
    nodes = np.unique(np.concatenate([sender, receiver]))
    place = {int(node): i for i, node in enumerate(nodes)}
    manager = np.full(nodes.size, -1)
    for person, above in reports:
        if person in place and above in place and person != above:
            manager[place[person]] = place[above]
    _, group = np.unique(np.column_stack([sender, at_us]), axis=0, return_inverse=True)
    return Contacts(
        at_us,
        group.reshape(-1),
        np.searchsorted(nodes, sender),
        np.searchsorted(nodes, receiver),
        manager,
    )


def baselines(contacts: Contacts, start: int, now: int, *, directed: bool) -> dict[str, Floats]:
    """Scores of the textbook predictors on the graph of the history."""
    counts = counts_between(contacts, start, now)
    link = (counts.all > 0).astype(float)
    either = np.maximum(link, link.T)
    link = link if directed else either
    degree = either.sum(axis=1)
    with np.errstate(divide="ignore"):
        adamic = np.where(degree > 1, 1 / np.log(np.maximum(degree, 2)), 0.0)
    allocation = np.where(degree > 0, 1 / np.maximum(degree, 1), 0.0)
    found = {
        "degree product": np.outer(link.sum(axis=1), link.sum(axis=0)),
        "common neighbours": either @ either,
        "Adamic-Adar": (either * adamic) @ either,
        "resource allocation": (either * allocation) @ either,
    }
    if directed:
        found["degree product, either way"] = np.outer(degree, degree)
        found["common neighbours, one way"] = link @ link
    return found


def trial(contacts: Contacts, now: int, until: int, *, directed: bool) -> Trial:
    """Forecast at a moment and look at what came until another."""
    start = month_start(1)
    forecast = forecast_links(
        contacts, from_us=start, now_us=now, ahead_us=until - now, directed=directed
    )
    pairs = absent_pairs(contacts, start, now, directed=directed)
    assert np.array_equal(pairs[0], forecast.sender)
    assert np.array_equal(pairs[1], forecast.receiver)
    scores = {"gravity model": forecast.probability}
    for name, score in baselines(contacts, start, now, directed=directed).items():
        scores[name] = score[pairs]
    came = came_later(contacts, pairs, now, until, directed=directed)
    return Trial(*pairs, came, scores)


def difference(
    found: Trial, other: str, *, replicates: int, by: str, seed: int = 0
) -> tuple[float, float]:
    """95 % interval of the gain in average precision over another predictor.

    ``by`` nodes: pairs share their nodes and are not independent, so this one is the honest one;
    ``by`` pairs: as if these nodes were all there are.
    """
    chance = np.random.default_rng(seed)
    n = int(max(found.sender.max(), found.receiver.max())) + 1
    gains = []
    for _ in range(replicates):
        if by == "nodes":
            times = np.bincount(chance.integers(n, size=n), minlength=n).astype(float)
            weights = times[found.sender] * times[found.receiver]
        else:
            weights = chance.poisson(1.0, found.came.size).astype(float)
        ours, theirs = (
            average_precision(found.scores[k], found.came, weights)
            for k in ("gravity model", other)
        )
        gains.append(ours - theirs)
    low, high = np.nanquantile(gains, [0.025, 0.975])
    return float(low), float(high)


def main() -> None:
    """Print the scores of both kinds of pairs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--validate", action="store_true")
    parser.add_argument("--replicates", type=int, default=1000)
    options = parser.parse_args()
    contacts = mail_log(options.folder)
    now, until = (month_start(m) for m in ((5, 7) if options.validate else (7, 10)))
    for directed in (True, False):
        found = trial(contacts, now, until, directed=directed)
        print_trial(found, directed=directed, replicates=options.replicates)


def print_trial(found: Trial, *, directed: bool, replicates: int) -> None:
    """One line per predictor, then the calibration of the model."""
    kind = "ordered" if directed else "unordered"
    rate = found.came.mean()
    print(f"{kind} pairs absent {found.came.size}, came {found.came.sum()} ({rate:.4f})")
    for name, score in sorted(
        found.scores.items(), key=lambda item: -average_precision(item[1], found.came)
    ):
        value = average_precision(score, found.came)
        text = f"  {name:28s} average precision {value:.4f}"
        if name != "gravity model":
            for by in ("nodes", "pairs"):
                low, high = difference(found, name, replicates=replicates, by=by)
                text += f"  gain by {by} {low:+.3f} to {high:+.3f}"
        print(text)
    p = found.scores["gravity model"]
    print(
        f"  calibration error {calibration_error(p, found.came):.4f} (equal width), "
        f"{adaptive_calibration_error(p, found.came):.4f} (20 equal groups); mean probability "
        f"{p.mean():.4f}; log loss {log_loss(p, found.came):.5f}, "
        f"of the rate alone {log_loss(np.full(p.size, rate), found.came):.5f}"
    )
    for most in (50, 100, 200):
        top = np.argsort(-p, kind="stable")[:most]
        print(f"  the {most} most likely: said {p[top].sum():.0f}, came {found.came[top].sum()}")


if __name__ == "__main__":
    main()
