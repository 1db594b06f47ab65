"""Same data, same answer: whatever the order of rows, the ids, and the number of imports."""

import random
from dataclasses import replace

import pytest
from small_company import KINDS, company_rows, differences, new_name, situation_of, told

NAMED = ("case_id", "person", "unit", "topic")


def test_the_company_says_something_of_every_kind(base):
    assert {finding.kind for finding in base.findings} == set(KINDS)
    assert not [note for note in base.coverage.missing if note.startswith("tied-events")]
    assert (base.coverage.cases, base.coverage.events) == (1800, 10392)


def test_the_comparison_sees_a_difference(base):
    figures = (replace(base.figures[3], value=1.0), *base.figures[1:])
    assert differences(told(base), told(replace(base, figures=figures))) != []
    finding = replace(base.findings[0], certainty=base.findings[0].certainty - 1e-6)
    other = replace(base, findings=(finding, *base.findings[1:]))
    (found,) = differences(told(base), told(other))
    assert found.startswith(".findings[0].certainty")


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_in_another_order(base, rows, tmp_path, seed):
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert differences(told(base), told(situation_of(tmp_path, shuffled))) == []


def test_columns_in_another_order(base, rows, tmp_path):
    other = situation_of(tmp_path, rows, columns=tuple(reversed(tuple(rows[0]))))
    assert differences(told(base), told(other)) == []


def test_other_ids(base, rows, tmp_path):
    renamed = [{**row, **{column: new_name(row[column]) for column in NAMED}} for row in rows]
    names = {new_name(row[column]): row[column] for row in rows for column in NAMED}
    other = situation_of(tmp_path, renamed)
    assert differences(told(base), told(other, names.__getitem__)) == []


def test_other_ids_in_another_order(base, rows, tmp_path):
    renamed = [{**row, **{column: new_name(row[column]) for column in NAMED}} for row in rows]
    names = {new_name(row[column]): row[column] for row in rows for column in NAMED}
    other = situation_of(tmp_path, random.Random(3).sample(renamed, len(renamed)))
    assert differences(told(base), told(other, names.__getitem__)) == []


def test_whole_cases_in_another_order_where_times_are_full_hours(rows, tmp_path):
    """Many events share their time then; inside a case the order in the file decides."""
    hourly = [{**row, "at": f"{row['at'][:13]}:00:00+00:00", "started": ""} for row in rows]
    cases = sorted({row["case_id"] for row in rows})
    place = {case: i for i, case in enumerate(random.Random(5).sample(cases, len(cases)))}
    moved = [
        {**row, **{column: new_name(row[column]) for column in NAMED}}
        for row in sorted(hourly, key=lambda row: place[row["case_id"]])
    ]
    names = {new_name(row[column]): row[column] for row in rows for column in NAMED}
    one, other = situation_of(tmp_path / "1", hourly), situation_of(tmp_path / "2", moved)
    assert "tied-events: 1861" in one.coverage.missing
    assert differences(told(one), told(other, names.__getitem__)) == []


def test_two_imports_of_different_cases(base, rows, tmp_path):
    cases = sorted({row["case_id"] for row in rows})
    first = set(random.Random(4).sample(cases, len(cases) // 3))
    parts = [[row for row in rows if (row["case_id"] in first) is mine] for mine in (True, False)]
    assert differences(told(base), told(situation_of(tmp_path, *parts))) == []


@pytest.mark.parametrize("later_first", [False, True])
def test_two_imports_that_cases_span(base, rows, tmp_path, later_first):
    border = sorted(row["at"] for row in rows)[len(rows) // 2]
    before = [row for row in rows if row["at"] < border]
    after = [row for row in rows if row["at"] >= border]
    spanning = {row["case_id"] for row in before} & {row["case_id"] for row in after}
    assert len(spanning) >= 3
    parts = (after, before) if later_first else (before, after)
    assert differences(told(base), told(situation_of(tmp_path, *parts))) == []


def test_the_same_seed_gives_the_same_and_another_only_other_intervals(base, rows, tmp_path):
    again, other = (situation_of(tmp_path / str(s), rows, seed=s) for s in (0, 7))
    assert differences(told(base), told(again)) == []
    assert {f.name: f.value for f in other.figures if "in_findings" not in f.name} == {
        f.name: f.value for f in base.figures if "in_findings" not in f.name
    }
    assert [f.low for f in other.figures] != [f.low for f in base.figures]
    prices = [(f.kind, f.unit, f.price.value) for f in base.findings]
    assert [(f.kind, f.unit, f.price.value) for f in other.findings] == prices


def test_protected_says_the_same_where_enough_people_stand_behind_it(base, rows, tmp_path):
    """Every unit of this company has eight people, so that only names and case ids differ.

    Three cases went back and forth between two people, and all but a few of those between units
    did so in the strict sense: a count of so few is about them.
    """
    hidden = situation_of(tmp_path, rows, profile="protected")
    assert (hidden.profile, hidden.k, base.k) == ("protected", 5, 1)
    few = {
        f"ping_pong_{level}_strict_{what}"
        for level in ("person", "unit")
        for what in ("cases", "share")
    }
    assert {f.name for f in hidden.figures if f.held_back} == few
    free = [{f.name: f for f in r.figures if f.name not in few} for r in (base, hidden)]
    assert differences(*free) == []
    one, other = told(base), told(hidden)
    one["figures"], other["figures"] = free
    for finding in one["findings"]:
        # the door counts people behind facts, and forgets them once it has judged
        finding["evidence_people"] = {}
        assert len(finding.pop("cases")) == finding["n_cases"]
    for finding in other["findings"]:
        assert finding.pop("cases") == []
    assert differences(one["findings"], other["findings"]) == []
    for rows in (one["units"], other["units"], one["links"], other["links"]):
        for row in rows.values():
            # what one person makes most of, what is the tail of a few, and what the door decides by
            for name in ("holding_hours_median", "waiting_hours_p90", "bearers"):
                row.pop(name, None)
    assert differences(one["units"], other["units"]) == []
    merged = [link for link in hidden.links if link.merged]
    assert all(link.held_back is None for link in merged)
    assert sum(x.handovers for x in hidden.links) == sum(x.handovers for x in base.links)
    free = {key: row for key, row in other["links"].items() if key in one["links"]}
    assert len(free) == len(hidden.links) - len(merged) >= 20
    assert differences({key: one["links"][key] for key in free}, free) == []


COUNTS = (
    "cases",
    "events",
    *(f"handovers_{level}" for level in ("unit", "person")),
    *(
        f"ping_pong_{level}_{what}"
        for level in ("unit", "person")
        for what in ("bounces", "cases", "strict_cases")
    ),
)


def test_counts_of_two_disjoint_logs_add_up(base, rows, tmp_path):
    others = company_rows(11, cases_at_fault=40, prefix="other-")
    second = situation_of(tmp_path / "second", others)
    both = situation_of(tmp_path / "both", rows, others)
    one, two, sums = ({f.name: f.value for f in s.figures} for s in (base, second, both))
    assert {name: sums[name] for name in COUNTS} == {n: one[n] + two[n] for n in COUNTS}
    assert min(one[name] for name in COUNTS) > 0
    assert links(both, "handovers") == added(links(base, "handovers"), links(second, "handovers"))
    assert links(both, "cases") == added(links(base, "cases"), links(second, "cases"))


def links(situation, what):
    return {(row.from_unit, row.to_unit): getattr(row, what) for row in situation.links}


def added(one, two):
    return {key: one.get(key, 0) + two.get(key, 0) for key in one.keys() | two.keys()}
