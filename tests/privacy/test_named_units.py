"""Units that a finding's evidence names beside its place: each has enough people behind it."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hand_logs import at, loader

from leitweg.domain.comparison import FindingChange
from leitweg.domain.findings import UNITS_NAMED, Finding
from leitweg.domain.situation import Coverage, Period, Situation
from leitweg.engine.staff import Staff
from leitweg.language.evidence import evidence_value
from leitweg.privacy.release import release
from leitweg.privacy.release_comparison import _finding
from leitweg.privacy.threshold import K, finding_leaves
from leitweg.situation.attribution import Beside, candidates_of
from leitweg.situation.basis import basis_of
from leitweg.situation.findings import findings_of

# ordinary ways; circles in a b c; misrouted over W to n and l; always round from g over x and y
PATHS = [("ehr", "u", 200), ("fhr", "u", 200), ("eho", "s", 100), ("abcabco", "s", 40)]
PATHS += [("abco", "s", 40), ("mn", "w", 40), ("ml", "w", 40), ("mWn", "w", 20), ("mWl", "w", 20)]
PATHS += [("gxyr", "t", 40), ("er", "t", 40)]
UNITS = sorted({unit for path, _, _ in PATHS for unit in path})


def company(folder, sizes, rng):
    """Return a basis; who works on a step is drawn from the people of its unit."""
    folder.mkdir(exist_ok=True)
    ways = [(path, topic) for path, topic, count in PATHS for _ in range(count)]
    cases = {
        f"c{i}": [
            (9 * i + h + rng.uniform(0, 0.5), unit, f"{unit}-{rng.integers(sizes[unit])}")
            for h, unit in enumerate(path)
        ]
        for i, (path, _) in enumerate(ways)
    }
    topics = {f"c{i}": topic for i, (_, topic) in enumerate(ways)}
    return basis_of(loader(folder)(cases, topics), level="unit", start_us=at(0), end_us=at(99_999))


def released(findings, profile="protected"):
    period, coverage = Period(0, 1, 1.0, ""), Coverage(9, 9, 0, 99, 9, 0.0, 0.0, True, ())
    return release(
        Situation(profile, "unit", period, coverage, (), (), (), tuple(findings))
    ).findings


def named(finding):
    """Every unit whose name stands anywhere in the evidence."""
    text = json.dumps([v for v in finding.evidence.values() if isinstance(v, (str, list))])
    return {unit for unit in UNITS if f'"{unit}"' in text}


@pytest.mark.parametrize("seed", range(12))
def test_no_unit_of_few_people_is_named(tmp_path, seed):
    rng = np.random.default_rng(seed)
    sizes = {unit: int(rng.choice([1, 2, 3, 4, 8, 9])) for unit in UNITS}
    found, _ = findings_of(company(tmp_path, sizes, rng))
    few = {unit for unit, size in sizes.items() if size < K}
    assert {"silo", "gap", "misrouting"} <= {finding.kind for finding in found}
    assert few & set().union(*map(named, found))
    for finding in released(found):
        assert not named(finding) & few
        assert finding.evidence_people == {}
    for finding in released([replace(f, n_people_smallest_side=K) for f in found]):
        assert not named(finding) & few
    # nothing is taken from an open workspace
    assert [f.evidence for f in released(found, "open")] == [f.evidence for f in found]


def test_a_way_keeps_its_steps_and_lists_say_another_unit(tmp_path):
    rng = np.random.default_rng(3)
    sizes = {**dict.fromkeys(UNITS, 9), "x": 1}
    found, _ = findings_of(company(tmp_path, sizes, rng))
    (gap,) = [f for f in released(found) if (f.kind, f.from_unit) == ("gap", "g")]
    assert gap.evidence["usual_way"] == [None, "y"]
    assert evidence_value("en", "usual_way", gap.evidence["usual_way"]) == "another unit, y"
    assert evidence_value("de", "usual_way", [None]) == "eine weitere Einheit"


def with_units(units, people, **facts):
    return Finding(
        *("f", "silo", "unit", "A", None, None, {}, None, 9, 9, 0.9, 9),
        evidence={"units": units, **facts},
        evidence_people={"units": people, **dict.fromkeys(facts, (3,))},
    )


def test_a_list_without_order_hides_where_the_name_stood():
    finding = with_units(["A", "B", "C"], (5, 4, 6), busy_weeks_share=0.5)
    (outside,) = released([finding])
    assert outside.evidence == {"units": ["A", "C", None], "busy_weeks_share": None}


def test_units_without_counts_are_not_named():
    finding = replace(with_units(["A", "B"], ()), evidence_people={})
    assert released([finding])[0].evidence == {"units": [None, None]}


def test_what_is_few_on_one_side_is_named_on_neither():
    first, second = with_units(["A", "B"], (5, 5)), with_units(["A", "B"], (9, 2))
    change = FindingChange("silo", first, second, None, None, None, "same")
    outside = _finding(change, K)
    assert [f.evidence["units"] for f in (outside.first, outside.second)] == [["A", None]] * 2


def test_lists_of_names_are_known_as_such(tmp_path):
    """A new fact that names units has to be among those that the exit looks at."""
    found = candidates_of(company(tmp_path, dict.fromkeys(UNITS, 2), np.random.default_rng(1)))
    for candidate in found:
        for name, value in candidate.evidence.items():
            texts = value if isinstance(value, list) else [value]
            assert name in UNITS_NAMED or not set(texts) & set(UNITS)


def test_a_key_position_is_about_its_holders_whoever_opened_the_case(tmp_path):
    """Six clerks of the unit open what its one expert then works on."""
    rng = np.random.default_rng(5)
    cases, topics = {}, {}
    for i in range(120):
        topic = "s" if i % 2 else "o"
        last = "expert" if topic == "s" else f"clerk-{rng.integers(6)}"
        opened = f"clerk-{rng.integers(6)}"
        cases[f"k{i}"] = [(10 * i, "desk", f"front-{rng.integers(6)}"),
                          (10 * i + 1, "back", opened), (10 * i + 2, "back", last)]  # fmt: skip
        topics[f"k{i}"] = topic
    log = loader(tmp_path)(cases, topics)
    basis = basis_of(log, level="unit", start_us=at(0), end_us=at(9_999))
    expert = log.persons.index("expert")
    none, held = np.zeros(0, np.int32), np.full(len(log.persons), -1, np.int32)
    held[expert] = 0
    staff = Staff(
        *(
            held,
            ("P1",),
            ("Specialist",),
            np.array([0]),
            np.array([expert]),
            np.array([at(99_999)]),
        ),
        *(none, none, np.zeros(0, np.int64), (), none, none, none, none, none),
    )
    found, _ = findings_of(
        basis, beside=Beside(staff=staff), leaves=lambda f: finding_leaves(f, "protected")
    )
    (key,) = [f for f in found if f.kind == "key_position"]
    assert key.n_people_smallest_side == 1
    assert "key_position" not in {f.kind for f in released(found)}
