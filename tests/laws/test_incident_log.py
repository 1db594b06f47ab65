"""Facts of a public incident log, computed twice by others, over the whole way from the file."""

from pathlib import Path

import pytest

from leitweg.domain.imports import ImportOptions
from leitweg.studies.importing import import_files
from leitweg.studies.situation import analyse

XES = (
    Path(__file__).parents[2] / "../shared/data/volvo-incidents/bpic2013_incidents.xes.gz"
).resolve()


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    if not XES.exists():
        pytest.skip("the public logs are not beside the repository (../shared/data)")
    folder = tmp_path_factory.mktemp("incidents") / "w"
    report = import_files(folder, [XES], ImportOptions(), profile="open")
    return report.imported[0], analyse(folder)


def test_what_the_import_says(answer):
    file, _ = answer
    assert (file.kind, file.rows_read, file.rows_rejected) == ("xes", 65533, 0)
    assert file.tables["events"] == 65533
    assert file.tables["cases"] == 7554
    assert file.mapping["person"] == "org:resource"
    assert file.mapping["unit"] == "org:group"
    assert "Siebel" in file.machine_proposals


def test_states_are_mapped(answer):
    file, released = answer
    assert file.states == {
        "*/Awaiting Assignment": "queued",
        "*/In Progress": "working",
        "*/Assigned": "working",
        "*/Wait": "waiting_third",
        "*/Wait - Implementation": "waiting_third",
        "*/Wait - Vendor": "waiting_third",
        "*/Wait - User": "waiting_customer",
        "*/Wait - Customer": "waiting_customer",
        "*/Resolved": "resolved",
        "*/In Call": "resolved",
        "*/Closed": "closed",
        "*/Cancelled": "closed",
        "*/Unmatched": "unknown",
    }
    assert "no-states" not in released.coverage.missing


def test_the_facts(answer):
    _, released = answer
    covered = released.coverage
    # a machine is a person only until somebody says that it is one
    assert (covered.cases, covered.events, covered.units, covered.people) == (
        *(7554, 65533, 649),
        1440,
    )
    figures = {figure.name: figure.value for figure in released.figures}
    assert {name: figures[name] for name in FACTS} == FACTS
    assert figures["ping_pong_unit_share"] == pytest.approx(1177 / 7554, abs=1e-12)
    assert figures["ping_pong_person_share"] == pytest.approx(1186 / 7554, abs=1e-12)
    assert figures["first_line_share"] * 7554 == pytest.approx(4546, abs=1e-9)
    assert figures["handovers_unit_per_case"] == pytest.approx(9454 / 7554, abs=1e-12)


FACTS = {
    "cases": 7554,
    "events": 65533,
    "handovers_unit": 9454,
    "ping_pong_unit_bounces": 2394,
    "ping_pong_unit_cases": 1177,
    "ping_pong_unit_strict_cases": 402,
    "handovers_person": 20649,
    "ping_pong_person_bounces": 1783,
    "ping_pong_person_cases": 1186,
    "ping_pong_person_strict_cases": 219,
}


def test_links_hold_every_handover(answer):
    _, released = answer
    assert sum(link.handovers for link in released.links) == 9454


def test_every_finding_has_a_price_and_its_cases(answer):
    _, released = answer
    assert len(released.findings) >= 3
    for finding in released.findings:
        assert 0 <= finding.price.low <= finding.price.value <= finding.price.high
        # only a backlog, which hangs on its one day, may also have cost nothing
        assert finding.price.low > 0 or finding.evidence["backlog_date"]
        assert finding.n_cases == len(finding.evidence["case_ids"])
