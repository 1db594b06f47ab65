"""One dataset of the routing benchmark: python -m benchmarks.routing_task NAME [--without-router].

Prints one line of JSON: a list of rows, each a task, a model and its measures.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import scipy.sparse as sp

from benchmarks import routing_counts as counts
from benchmarks import routing_texts as texts
from benchmarks.routing_cold_start import cold_start
from benchmarks.routing_data import Split, apache, eclipse, it_tickets, volvo
from leitweg.domain.routing import Level
from leitweg.routing.backtest import backtest

Row = dict[str, object]
ECLIPSE = ("product", "component")
VOLVO = ("topic", "organization country")
LATE = "volvo-incidents, by last event"


def row(name: str, model: str, judge: Callable[[], counts.Found]) -> Row:
    """Run one baseline and name what it found."""
    begin = time.perf_counter()
    found = judge().measures()
    seconds = time.perf_counter() - begin
    sys.stderr.write(f"{name} | {model} | {found} | {seconds:.1f} s\n")
    return {"task": name, "model": model, "baseline": True, **found, "seconds": seconds}


def router(name: str, split: Split, level: Level, **options: object) -> Row:
    """Judge the router on the same cases."""
    share = (split.n_train + 0.5) / split.history.n_cases
    found = backtest(split.history, level=level, train_share=share, **options)  # type: ignore[arg-type]
    scores = found.scores
    figures = ("n", "top1", "top3", "mrr", "ece", "k3", "human_top1", "candidate_recall")
    made: Row = {
        "task": name,
        "model": "Leitweg",
        "baseline": False,
        **{figure: getattr(scores, figure) for figure in figures},
        "coverage_at_80": scores.coverage_at_80,
        "coverage_at_90": scores.coverage_at_90,
        "p50_ms": found.latency_ms_p50,
        "p99_ms": found.latency_ms_p99,
        "fit_s": found.fit_seconds,
    }
    sys.stderr.write(f"{made}\n")
    return made


def count_rows(
    name: str,
    split: Split,
    level: Level,
    names: tuple[str, ...],
    half_life: float | None,
    labels: str,
) -> Iterator[Row]:
    """Baselines over attributes: all cases, with the first contact known, tossed cases only."""
    history, n_train = split.history, split.n_train
    given, held = (
        counts.task(history, n_train, level=level, names=names, labels=labels, with_first=known)
        for known in (False, True)
    )
    path = history.unit_path if level == "unit" else history.person_path
    paths = [path.row(i) for i in range(history.n_cases)]
    back_off, all_cases = " > ".join(["back-off", *names]), f"{name}, {labels}"
    half = f", half-life {half_life:,.0f} cases" if half_life else ""
    run = counts.run
    yield row(all_cases, "popularity, frozen", lambda: run(given, "popular", frozen=True))
    yield row(all_cases, "popularity", lambda: run(given, "popular"))
    yield row(all_cases, "shares, frozen", lambda: run(given, "narrowest", frozen=True))
    yield row(all_cases, f"{back_off}{half}", lambda: run(given, "back_off", half_life=half_life))
    yield {
        "task": all_cases,
        "model": "people: first contact",
        "baseline": False,
        "n": history.n_cases - n_train,
        "top1": counts.human_first(given),
    }
    known = f"{name}, first contact known, {labels}"
    yield row(
        known, f"{back_off} > first{half}", lambda: run(held, "back_off", half_life=half_life)
    )
    tossed = f"{name}, tossed only, {labels}"
    yield row(tossed, "toss graph, frozen", lambda: counts.toss_graph(given, paths))
    yield row(
        tossed,
        f"{back_off}{half}",
        lambda: run(given, "back_off", half_life=half_life, tossed=True),
    )
    yield row(
        tossed,
        f"{back_off}, toss graph{half}",
        lambda: counts.tossed_counts(given, paths, half_life=half_life),
    )


def eclipse_rows(with_router: bool) -> Iterator[Row]:
    """Bugs to persons by attributes."""
    split = eclipse()
    yield from count_rows("eclipse-bugs", split, "person", ECLIPSE, 4_000, "immediate")
    if with_router:
        yield from router_rows("eclipse-bugs", split, "person", ("immediate",))


def volvo_rows(with_router: bool) -> Iterator[Row]:
    """Incidents to teams by attributes; persons are reported."""
    split = volvo()
    for labels in ("immediate", "known"):
        yield from count_rows("volvo-incidents", split, "unit", VOLVO, None, labels)
        yield from count_rows("volvo-incidents, person", split, "person", VOLVO, None, labels)
    if with_router:
        yield from router_rows("volvo-incidents", split, "unit", ("immediate", "known"))
        yield from router_rows("volvo-incidents, person", split, "person", ("immediate", "known"))
    late = volvo(by_last_event=True)
    levels: tuple[tuple[Level, str], ...] = (("unit", LATE), ("person", f"{LATE}, person"))
    for level, name in levels:
        yield from count_rows(name, late, level, VOLVO, None, "known")
        if with_router:
            yield from router_rows(name, late, level, ("known",))


def router_rows(name: str, split: Split, level: Level, kinds: tuple[str, ...]) -> Iterator[Row]:
    """The router in the three circumstances."""
    for labels in kinds:
        yield router(f"{name}, {labels}", split, level, labels=labels)
        yield router(
            f"{name}, first contact known, {labels}",
            split,
            level,
            labels=labels,
            first_contact_known=True,
        )
        yield router(
            f"{name}, tossed only, {labels}", split, level, labels=labels, tossed_only=True
        )


def apache_rows(with_router: bool) -> Iterator[Row]:
    """Issues to persons by time within each project, by text alone and with team and component."""
    for text_only in (True, False):
        name = f"apache-issues, {'text only' if text_only else 'team and component known'}"
        split = apache(text_only=text_only)
        yield from text_rows(name, split, "person", known=not text_only, refits=texts.REFITS)
        if not text_only:
            yield from component_rows(name, split)
        if with_router:
            yield router(name, split, "person", labels="immediate")


def component_rows(name: str, split: Split) -> Iterator[Row]:
    """Back-off over team and component, which forgets or does not."""
    names = ("team", "components")
    given = counts.task(split.history, split.n_train, level="person", names=names)
    for half_life in (None, 1_000.0):
        half = f", half-life {half_life:,.0f} cases" if half_life else ""
        judge = partial(counts.run, given, "back_off", half_life=half_life)
        yield row(name, f"back-off > team > components{half}", judge)


def text_rows(name: str, split: Split, level: Level, *, known: bool, refits: int) -> Iterator[Row]:
    """Baselines over texts; ``known``: one model per project, attributes as further columns."""
    history, n_train = split.history, split.n_train
    holder = history.person if level == "person" else history.unit
    labels, n = holder.codes.astype(np.int64), len(holder.labels)
    found = texts.counts_of(history.text)  # type: ignore[arg-type]
    groups = history.attributes["team"].codes if known else np.zeros(labels.size, np.int32)
    beside = (
        texts.columns_of(dict(history.attributes), weight=0.5)
        if known
        else sp.csr_matrix((labels.size, 0), dtype=np.float32)
    )

    def svm(*, parts: bool, refits: int) -> Callable[[], counts.Found]:
        def judge() -> counts.Found:
            made = counts.Found([], [], [])
            for group in np.unique(groups):
                mine = np.flatnonzero(groups == group)
                one = texts.svm(
                    beside[mine],
                    labels[mine],
                    int((mine < n_train).sum()),
                    n,
                    counts=found[mine],
                    parts=parts,
                    refits=refits,
                )
                made.case += mine[one.case].tolist()
                made.rank += one.rank
                made.probability += one.probability
            return made

        return judge

    for frozen in (True, False):
        yield row(
            name,
            f"BM25, 40 nearest cases vote{', frozen' if frozen else ''}",
            lambda frozen=frozen: texts.nearest(history.text, labels, n_train, n, frozen=frozen),
        )
    yield row(name, "TF-IDF words, LinearSVC, frozen", svm(parts=False, refits=1))
    yield row(name, "TF-IDF words and parts, LinearSVC, frozen", svm(parts=True, refits=1))
    if refits > 1:
        yield row(
            name,
            f"TF-IDF words, LinearSVC, fitted {refits} times",
            svm(parts=False, refits=refits),
        )


def it_rows(with_router: bool) -> Iterator[Row]:
    """Tickets to departments by text, a random split."""
    split = it_tickets()
    yield from text_rows("it-tickets", split, "unit", known=False, refits=1)
    if with_router:
        yield router("it-tickets", split, "unit", labels="immediate")


TASKS: dict[str, Callable[[bool], Iterator[Row]]] = {
    "eclipse": eclipse_rows,
    "volvo": volvo_rows,
    "apache": apache_rows,
    "it": it_rows,
    "cold": cold_start,
}


def main() -> None:
    """Run one dataset."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.routing_task", description=__doc__)
    parser.add_argument("name", choices=TASKS)
    parser.add_argument("--without-router", action="store_true")
    asked = parser.parse_args()
    rows = list(TASKS[asked.name](not asked.without_router))
    sys.stdout.write(json.dumps({"rows": rows}) + "\n")


if __name__ == "__main__":
    main()
