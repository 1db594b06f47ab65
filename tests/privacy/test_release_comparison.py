"""However a protected workspace is parted: what leaves has five people on each side."""

import dataclasses
from contextlib import suppress

import numpy as np
import pytest

from leitweg.domain.comparison import Change
from leitweg.domain.errors import QuestionError
from leitweg.domain.imports import ImportOptions
from leitweg.privacy.threshold import K
from leitweg.studies.comparing import compare
from leitweg.studies.importing import import_files
from purposes import allow

PEOPLE = {"Solo": 1, "Few": 4, "Desk": 9, "Back": 9}
TOPICS = ("tariff", "move", "rare")


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Sixty cases a day; a unit of one person, one of four, two of nine; a topic of few cases."""
    folder = tmp_path_factory.mktemp("parts")
    rng = np.random.default_rng(8)
    rows = ["case_id,started,at,person,unit,topic"]
    for case in range(900):
        hour = float(rng.uniform(0, 24 * 15))
        topic = "rare" if case % 300 == 0 else TOPICS[case % 2]
        for unit in rng.permutation(list(PEOPLE))[: rng.integers(1, 5)]:
            hour += float(rng.exponential(2.0))
            times = [
                np.datetime64("2025-03-01") + np.timedelta64(int(h * 3600), "s")
                for h in (hour, hour + 0.2)
            ]
            person = f"{unit}-{rng.integers(PEOPLE[unit])}"
            rows.append(f"c{case},{times[0]}Z,{times[1]}Z,{person},{unit},{topic}")
    (folder / "log.csv").write_text("\n".join(rows))
    return folder


@pytest.fixture
def workspace(log, tmp_path):
    """A workspace that was asked nothing yet: the ledger would remember."""
    import_files(tmp_path / "w", [log / "log.csv"], ImportOptions())
    return allow(tmp_path / "w")


@pytest.fixture(scope="module")
def open_workspace(log):
    import_files(log / "open", [log / "log.csv"], ImportOptions(), profile="open")
    return log / "open"


def empty(change: Change) -> bool:
    numbers = (change.first, change.second, change.difference, change.ratio, change.p_value)
    return all(n is None for n in numbers)


def checked(found):
    assert (found.profile, found.k) == ("protected", K)
    for figure in found.figures:
        enough = min(figure.n_people_first or 0, figure.n_people_second or 0) >= K
        assert enough or (empty(figure.change) and empty(figure.same_mix)), figure.name
        assert enough or (figure.n_cases_first, figure.n_cases_second) == (0, 0)
    for row in (*found.units, *found.links):
        named = {row.unit, row.from_unit, row.to_unit} - {None}
        assert row.held_back or named <= {"Desk", "Back"}, named
        enough = min(row.n_people_first or 0, row.n_people_second or 0) >= K
        assert enough or (empty(row.per_case) and empty(row.per_receipt) and row.held_back)
        assert enough or (row.receipts_first, row.receipts_second) == (None, None)
    for row in found.findings:
        assert min(row.n_people_first or 0, row.n_people_second or 0) >= K
        for finding in (row.first, row.second):
            assert finding is None or "case_ids" not in finding.evidence
    for topic in found.mix.topics:
        counts = (topic.cases_first, topic.cases_second)
        assert counts == (None, None) or not [n for n in counts if 0 < n < K]
    assert (found.units_only_first, found.units_only_second) == ((), ())
    for rows in (found.units, found.links):
        held = [row.held_back is not None for row in rows]
        assert held == sorted(held)
    return found


@pytest.mark.parametrize("hours", [1, 4, 24, 96])
def test_small_windows(workspace, hours):
    rng = np.random.default_rng(hours)
    begin = np.datetime64("2025-03-02T00:00")
    for start in rng.integers(0, 200, size=4):
        edges = [str(begin + np.timedelta64(int(start) + i * hours, "h")) for i in range(3)]
        with suppress(QuestionError):  # no case closes in so short a time
            checked(compare(workspace, first=(edges[0], edges[1]), second=(edges[1], edges[2])))


def test_a_part_with_enough_people(workspace, open_workspace):
    found = checked(compare(workspace, part=("topic", "tariff"), other="move"))
    whole = compare(open_workspace, part=("topic", "tariff"), other="move")
    free = [f for f in found.figures if f.change.held_back is None]
    assert len(free) >= 10
    assert [f.change for f in free] == [
        f.change for f in whole.figures if f.name in {x.name for x in free}
    ]
    assert {row.unit for row in found.units if not row.held_back} == {"Desk", "Back"}
    assert {row.held_back for row in found.units if row.unit in ("Solo", "Few")} == {"below-k"}


@pytest.mark.parametrize("unit", ["Solo", "Few"])
def test_a_unit_of_few_is_no_part(workspace, unit):
    """Many work on the cases that touch it; what sets them apart is the few."""
    found = checked(compare(workspace, part=("unit", unit)))
    assert {f.change.held_back for f in found.figures} == {"below-k"}
    assert (found.first.cases, found.second.cases) == (None, None)
    assert [*found.findings, *(r for r in (*found.units, *found.links) if not r.held_back)] == []
    assert [note for note in found.notes if ":" in note] == []


def test_a_topic_of_few_cases_is_no_part(workspace):
    found = checked(compare(workspace, part=("topic", "rare")))
    assert {f.change.held_back for f in found.figures} == {"below-k"}
    assert found.first.held_back == found.second.held_back == "below-k"


def test_customers_are_not_compared(workspace):
    with pytest.raises(QuestionError) as raised:
        compare(workspace, part=("customer", "c-1"))
    assert raised.value.code == "customer-protected"


def test_nothing_is_held_back_in_the_open(open_workspace):
    found = compare(open_workspace, part=("unit", "Solo"))
    assert (found.profile, found.k) == ("open", 1)
    assert all(f.change.held_back is None for f in found.figures)
    assert {row.unit for row in found.units} == set(PEOPLE)


def test_a_change_holds_no_other_numbers():
    names = {f.name for f in dataclasses.fields(Change)}
    assert names == {
        "first",
        "second",
        "difference",
        "ratio",
        "statement",
        "p_value",
        "why",
        "held_back",
    }
