"""Public logs, where they are at hand: exact counts by one import each."""

import time
from pathlib import Path

import pyarrow.compute as pc
import pytest
from tabular_fixture import read_one, refused, rows, utc

DATA = (Path(__file__).parents[2] / "../shared/data").resolve()
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public logs are not at hand")


def distinct(reading, table, column):
    return pc.count_distinct(reading.tables[table][column]).as_py()


def test_receipt():
    reading = read_one(DATA / "receipt/receipt.csv.gz")
    assert (reading.kind, reading.rows_read, reading.rejects) == ("events", 8577, ())
    assert reading.tables["events"].num_rows == 8577
    assert reading.tables["cases"].num_rows == 1434
    assert distinct(reading, "events", "person") == 48
    assert distinct(reading, "events", "unit") == 10
    assert reading.states == {}
    assert reading.missing_proposals == {"org:group": ("EMPTY",)}
    assert rows(reading, "events", "case_id", "at_us", "person")[0] == (
        "case-10011", utc("2011-10-11T13:45:40.276+02:00"), "Resource21",
    )  # fmt: skip


def test_volvo_incidents_as_csv():
    reading = read_one(DATA / "volvo-incidents/VINST-new.csv.gz")
    assert (reading.kind, reading.rows_read, reading.rejects) == ("events", 65_533, ())
    assert reading.tables["cases"].num_rows == 7554
    assert distinct(reading, "events", "person") == 3163
    assert distinct(reading, "events", "unit") == 649
    states = reading.tables["events"]["state"].value_counts().to_pylist()
    assert {entry["values"]: entry["counts"] for entry in states} == {
        0: 5,
        1: 11_544,
        2: 30_239 + 3_221,
        3: 4_217 + 101,
        4: 1_533 + 493 + 313,
        5: 6_115 + 2_035,
        6: 5_716 + 1,
    }
    assert reading.states["*/Wait - User"] == "waiting_customer"
    assert "fr-Siebel" in reading.machine_proposals
    names = read_one(
        DATA / "volvo-incidents/VINST-new.csv.gz", mapping={"person": "Owner First Name"}
    )
    assert distinct(names, "events", "person") == 1440
    # one first name stands for many people around the world: a proposal, not a verdict
    assert names.machine_proposals == ("Michael", "Siebel")


def test_eclipse_bugs_with_their_paths():
    started = time.process_time()
    reading = read_one(
        DATA / "eclipse-bugs/eclipse_bugs.csv.gz",
        kind="cases",
        mapping={"case_id": "id", "order": "id", "path": "tossing_path"},
        path_separator=" > ",
    )
    assert time.process_time() - started < 3
    assert (reading.rows_read, reading.rejects) == (199_960, ())
    assert reading.tables["cases"].num_rows == 199_960
    lengths = reading.tables["cases"]["attributes"]
    assert lengths[0].as_py() == [("component", "Team"), ("path_len", "1")]
    assert reading.tables["events"].num_rows == 331_463
    assert reading.tables["events"]["at_us"].null_count == 331_463
    assert reading.left_over == ("assignee", "fixer")


def test_apache_issues():
    path = DATA / "apache-issues/apache_issues.csv.gz"
    refused(path, "naive-time")
    reading = read_one(path, time_zone="UTC")
    assert (reading.kind, reading.rows_read) == ("cases", 9633)
    assert reading.tables["events"].num_rows == 9633
    assert distinct(reading, "events", "unit") == 5
    assert reading.left_over == ("summary", "description")
    assert rows(reading, "cases", "case_id", "opened_us", "kind")[0] == (
        "12463494", utc("2010-05-01T16:18:02"), "Bug",
    )  # fmt: skip


def test_manufacturing_mail():
    path = DATA / "manufacturing-email/communication.csv.gz"
    refused(path, "naive-time")
    reading = read_one(path, time_zone="Europe/Warsaw")
    assert (reading.kind, reading.rows_read) == ("messages", 82_927)
    assert reading.tables["messages"].num_rows == 82_927
    assert distinct(reading, "messages", "sender") == 154
    assert reading.tables["messages"]["sender_outside"].null_count == 82_927
    assert rows(reading, "messages", "sender", "receiver", "at_us")[0] == (
        "17", "37", utc("2010-01-02T17:40:10+01:00"),
    )  # fmt: skip


def test_manufacturing_reporting_lines():
    reading = read_one(DATA / "manufacturing-email/reportsto.csv")
    assert (reading.kind, reading.tables["people"].num_rows) == ("people", 154)
    assert reading.mapping == {"person": "ID", "manager": "ReportsToID"}
    assert rows(reading, "people", "person", "manager")[0] == ("144", "19")
