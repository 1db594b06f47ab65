"""Five cases per unit, or none: issues to the five teams, macro-averaged over 20 draws."""

import csv
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from benchmarks.routing_data import apache, rows_of_split
from benchmarks.routing_texts import TfIdf, counts_of, small_classifiers
from leitweg.domain.routing import History, Profile, Ragged, Request
from leitweg.privacy.text_features import features_under
from leitweg.routing.fit import fit
from leitweg.routing.router import Router

DRAWS, CASES, JUDGED = 20, 5, 200
"""Of each team 200 other cases are judged in a draw: 20,000 in all."""


def profiles(units: tuple[str, ...]) -> list[str]:
    """Read what the teams are there for, in the order of the units."""
    with (Path(__file__).parent / "apache_units.csv").open(encoding="utf-8") as file:
        purpose = {row["unit"]: f"{row['name']} {row['purpose']}" for row in csv.DictReader(file)}
    return [purpose[unit] for unit in units]


def draws(team: np.ndarray, n_cases: int, seed: int = 0) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Draw cases of each team to learn from, and others to judge."""
    chance = np.random.default_rng(seed)
    for _ in range(DRAWS):
        mixed = [chance.permutation(np.flatnonzero(team == t)) for t in np.unique(team)]
        yield (
            np.concatenate([m[:n_cases] for m in mixed]),
            np.concatenate([m[n_cases : n_cases + JUDGED] for m in mixed]),
        )


def macro(scores: np.ndarray, team: np.ndarray) -> tuple[float, float]:
    """Return top-1 and top-3, each the mean over the teams."""
    right = scores[np.arange(team.size), team]
    rank = (scores > right[:, None]).sum(axis=1)
    teams = [rank[team == t] for t in np.unique(team)]
    return (
        float(np.mean([(r == 0).mean() for r in teams])),
        float(np.mean([(r < 3).mean() for r in teams])),
    )


def cold_start(with_router: bool) -> Iterator[dict[str, object]]:
    """Every small classifier with words, and with words and parts; with and without profiles."""
    history = apache(text_only=True).history
    assert history.text is not None
    team = history.unit.codes.astype(np.int64)
    sentences = features_under(None).of_many(profiles(history.unit.labels))
    counts, told = counts_of(history.text), counts_of(sentences)
    own = np.arange(len(history.unit.labels))
    for n_cases in (0, CASES):
        for with_profile in (False, True) if n_cases else (True,):
            name = f"apache-issues teams, {n_cases} cases each"
            name += ", with profile" if with_profile else ""
            for parts in (False, True):
                yield from _classified(name, counts, told, team, own, n_cases, with_profile, parts)
            if with_router:
                yield _routed(name, history, sentences, team, n_cases, with_profile)


def _classified(
    name: str,
    counts: sp.csr_matrix,
    told: sp.csr_matrix,
    team: np.ndarray,
    own: np.ndarray,
    n_cases: int,
    with_profile: bool,
    parts: bool,
) -> Iterator[dict[str, object]]:
    for model, classify in small_classifiers().items():
        found = []
        for learnt, asked in draws(team, n_cases):
            train, labels = counts[learnt], team[learnt]
            if with_profile:
                train, labels = sp.vstack([train, told], format="csr"), np.append(labels, own)
            weights = TfIdf(train, parts=parts)
            scores = classify(weights.of(train), labels, weights.of(counts[asked]))
            found.append(macro(scores, team[asked]))
        words = "words and parts" if parts else "words"
        yield _row(name, f"TF-IDF {words}, {model}", found, baseline=True)


def _routed(
    name: str,
    history: History,
    sentences: Ragged,
    team: np.ndarray,
    n_cases: int,
    with_profile: bool,
) -> dict[str, object]:
    labels = history.unit.labels
    told = [Profile(unit, text=sentences.row(k)) for k, unit in enumerate(labels)]
    found = []
    begin = time.perf_counter()
    for learnt, asked in draws(team, n_cases):
        chance = np.random.default_rng(learnt.sum())
        part = rows_of_split(history, chance.permutation(learnt))
        router = fit(part, level="unit", profiles=told if with_profile else ())
        found.append(macro(_scores(router, history, asked), team[asked]))
    sys.stderr.write(f"router: {time.perf_counter() - begin:.0f} s\n")
    return _row(name, "Leitweg", found, baseline=False)


def _scores(router: Router, history: History, asked: np.ndarray) -> np.ndarray:
    place = {unit: k for k, unit in enumerate(history.unit.labels)}
    scores = np.zeros((asked.size, len(place)))
    assert history.text is not None
    for row, i in enumerate(asked):
        ranking = router.rank(Request(text=history.text.row(i)), top=len(place), explain=False)
        for candidate in ranking.candidates:
            scores[row, place[candidate.contact]] = candidate.probability
    return scores


def _row(
    name: str, model: str, found: list[tuple[float, float]], *, baseline: bool
) -> dict[str, object]:
    top1, top3 = np.mean(found, axis=0)
    sys.stderr.write(f"{name} | {model} | {top1:.3f} {top3:.3f}\n")
    return {
        "task": name,
        "model": model,
        "baseline": baseline,
        "n": DRAWS * JUDGED * 5,
        "top1": float(top1),
        "top3": float(top3),
        "top1_sd_of_draws": float(np.std([one for one, _ in found])),
    }
