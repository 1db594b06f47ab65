"""What a protected workspace still says of a public log of incidents, against an open one."""

from pathlib import Path

import pytest

from leitweg.domain.imports import ImportOptions
from leitweg.domain.situation import OTHERS
from leitweg.studies.importing import import_files
from leitweg.studies.situation import analyse
from purposes import allow

XES = (
    Path(__file__).parents[2] / "../shared/data/volvo-incidents/bpic2013_incidents.xes.gz"
).resolve()


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    if not XES.exists():
        pytest.skip("the public logs are not beside the repository (../shared/data)")
    folder = tmp_path_factory.mktemp("useful")
    found = []
    for profile in ("open", "protected"):
        import_files(folder / profile, [XES], ImportOptions(), profile=profile)
        found.append(analyse(allow(folder / profile)))
    return found


def hours(rows):
    return sum(row.waiting_hours_per_month or 0.0 for row in rows)


def test_every_hour_of_the_links_is_told_at_some_place(answers):
    whole, told = (answer.links for answer in answers)
    assert sum(x.handovers for x in told) == sum(x.handovers for x in whole)
    assert hours(told) == pytest.approx(hours(whole))


def test_half_of_the_waiting_of_links_has_a_name_at_one_end(answers):
    whole, told = (answer.links for answer in answers)
    with_name = [x for x in told if (x.from_unit, x.to_unit) != (OTHERS, OTHERS)]
    assert hours(with_name) / hours(whole) >= 0.5


def test_links_with_both_names_tell_what_five_people_on_each_side_allow(answers):
    """Most waiting of this log lies on links of fewer than five people on a side."""
    whole, told = (answer.links for answer in answers)
    at_best = [x for x in whole if min(x.n_people_from, x.n_people_to) >= 5]
    named = [x for x in told if not x.merged]
    assert hours(at_best) / hours(whole) == pytest.approx(0.1116, abs=0.001)
    # one person makes most of the others
    assert 0.045 <= hours(named) / hours(whole) <= hours(at_best) / hours(whole)


def test_units_keep_three_quarters_of_their_waiting_by_name(answers):
    whole, told = (
        {u.unit: u.waiting_hours_per_month.value for u in answer.units if u.held_back is None}
        for answer in answers
    )
    assert sum(told.values()) == pytest.approx(sum(whole.values()))
    assert 1 - told[OTHERS] / sum(whole.values()) >= 0.75


def test_findings_at_units_keep_their_price(answers):
    whole, told = (
        {f.id: f.price.value for f in answer.findings if f.unit is not None and f.price}
        for answer in answers
    )
    assert sum(told.values()) / sum(whole.values()) >= 0.9
    assert all(told[id_] == whole[id_] for id_ in told)
