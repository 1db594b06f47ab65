"""The smallest logs: what is known is exact, everything else says why it is not."""

import pytest
from small_company import situation_of
from test_missing_columns import check, values

from leitweg.domain.errors import QuestionError
from leitweg.domain.imports import ImportOptions
from leitweg.studies.importing import import_files
from leitweg.studies.situation import analyse

DAY = "2024-03-04T"


def event(case, hour, unit, person, activity="Work"):
    return {
        "case_id": case,
        "at": f"{DAY}{hour:02d}:00:00Z",
        "started": "",
        "person": person,
        "unit": unit,
        "activity": activity,
        "topic": "T",
    }


def test_one_event(tmp_path):
    released = situation_of(tmp_path, [event("c", 8, "A", "p")])
    check(released)
    found = values(released)
    assert (found["cases"], found["events"], found["handovers_unit"]) == (1, 1, 0)
    assert found["first_contact_resolution_share"] == 1.0
    assert found["time_to_right_contact_hours_median"] == 0.0
    assert found["cycle_time_hours_median"] == 0.0
    assert (released.links, released.findings) == ((), ())
    (unit,) = released.units
    assert (unit.unit, unit.stage, unit.direct_share, unit.customer_weight) == ("A", "front", 1, 1)
    assert (unit.distance_handovers, unit.n_cases, unit.people) == (0.0, 1, 1)


def test_one_case(tmp_path):
    rows = [event("c", 8, "A", "p"), event("c", 10, "B", "q"), event("c", 13, "A", "p")]
    released = situation_of(tmp_path, rows)
    check(released)
    found = values(released)
    assert (found["handovers_unit"], found["handovers_person"]) == (2, 2)
    assert (found["ping_pong_unit_bounces"], found["ping_pong_unit_cases"]) == (1, 1)
    assert found["cycle_time_hours_median"] == 5.0
    assert found["right_first_time_share"] == 1.0
    assert found["first_contact_resolution_share"] == 0.0
    waits = {(x.from_unit, x.to_unit): x.waiting_hours_median for x in released.links}
    assert waits == {("A", "B"): 2.0, ("B", "A"): 3.0}


def test_all_events_at_one_time(tmp_path):
    rows = [event(f"c{i}", 8, "AB"[j % 2], f"p{j}") for i in range(50) for j in range(4)]
    released = situation_of(tmp_path, rows)
    check(released)
    found = values(released)
    assert (found["cases"], found["handovers_unit"]) == (50, 150)
    assert (found["ping_pong_unit_strict_cases"], found["cycle_time_hours_p90"]) == (50, 0.0)
    # too short a period for any rate per month
    assert released.period.months is None
    assert f"tied-events: {len(rows)}" in released.coverage.missing


def test_a_company_of_one_unit(tmp_path):
    rows = [event(f"c{i}", 8 + j, "A", f"p{j}") for i in range(60) for j in range(3)]
    released = situation_of(tmp_path, rows)
    check(released)
    found = values(released)
    assert (found["handovers_unit"], found["handovers_person"]) == (0, 120)
    assert found["first_contact_resolution_share"] == 1.0
    assert (released.links, released.findings, len(released.units)) == ((), (), 1)


@pytest.mark.parametrize("profile", ["open", "protected"])
def test_a_company_of_one_person(tmp_path, profile):
    rows = [event(f"c{i}", 8 + j, "ABC"[j], "p") for i in range(60) for j in range(3)]
    released = situation_of(tmp_path, rows, profile=profile)
    check(released)
    if profile == "protected":
        assert {figure.held_back for figure in released.figures} == {"below-k"}
        assert {row.held_back for row in (*released.links, *released.units)} == {"below-k"}
        assert (released.findings, released.coverage.people) == ((), None)
        return
    found = values(released)
    assert (found["handovers_unit"], found["handovers_person"]) == (120, 0)
    # one person under three labels hands over to nobody
    assert released.findings == ()


def test_cases_without_events_are_no_log(tmp_path):
    (tmp_path / "cases.csv").write_text(
        "case_id,opened,topic\nc1,2024-03-04T08:00:00Z,T\nc2,2024-03-05T08:00:00Z,T\n"
    )
    import_files(
        tmp_path / "w", [tmp_path / "cases.csv"], ImportOptions(kind="cases"), profile="open"
    )
    with pytest.raises(QuestionError) as caught:
        analyse(tmp_path / "w")
    assert caught.value.code == "empty-workspace"


def test_cases_without_events_beside_others_count_in_no_figure(tmp_path):
    (tmp_path / "cases.csv").write_text(
        "case_id,opened,topic\nc,2024-03-04T06:00:00Z,T\nempty,2024-03-05T08:00:00Z,T\n"
    )
    import_files(
        tmp_path / "w", [tmp_path / "cases.csv"], ImportOptions(kind="cases"), profile="open"
    )
    released = situation_of(tmp_path, [event("c", 8, "A", "p"), event("c", 9, "B", "q")])
    check(released)
    found = values(released)
    assert (found["cases"], found["events"]) == (1, 2)
    # opened at six, as the list of cases says
    assert found["cycle_time_hours_median"] == 3.0


def test_only_machines(tmp_path):
    rows = [event(f"c{i}", 8 + j, "AB"[j], f"m{j}") for i in range(60) for j in range(2)]
    released = situation_of(tmp_path, rows, options=ImportOptions(machines=("m0", "m1")))
    check(released)
    assert values(released)["handovers_unit"] == 60
    assert (released.coverage.people, released.links[0].n_people) == (0, 0)
