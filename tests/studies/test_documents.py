"""The JSON that others build on: names and shapes are pinned here (contract, sections 2 to 4)."""

import json
from dataclasses import replace

import numpy as np
import pytest

import depth_fixture
import faces_fixture
from leitweg.domain.errors import KeyFileError, LeitwegError, SourceError
from leitweg.domain.situation import Figure
from leitweg.studies.documents import (
    error_sentence,
    problem_document,
    situation_document,
)
from leitweg.studies.json_forms import json_text

DOCUMENT = situation_document(faces_fixture.situation(), "en")
CONTRACT = {
    "period": {"start", "end", "months", "rule"},
    "coverage": {
        "cases",
        "events",
        "people",
        "units",
        "events_without_person_share",
        "events_without_unit_share",
        "complete",
        "missing",
    },
    "network": {"e_i_index", "communities", "units"},
}
ROWS = {
    "figures": {"name", "value", "low", "high", "unit_of_measure", "n_cases"},
    "units": {
        "unit",
        "people",
        "stage",
        "direct_share",
        "distance_handovers",
        "customer_weight",
        "holding_hours_median",
        "waiting_hours_per_month",
    },
    "links": {
        "from_unit",
        "to_unit",
        "handovers",
        "cases",
        "n_people",
        "waiting_hours_median",
        "waiting_hours_p90",
        "causes",
    },
    "findings": {
        "id",
        "kind",
        "title",
        "unit",
        "from_unit",
        "to_unit",
        "where",
        "waiting_hours_per_month",
        "n_cases",
        "n_people",
        "certainty",
        "evidence",
    },
}


def test_causes_and_loads_are_in_the_document():
    document = situation_document(depth_fixture.in_depth(), "de")
    unit = next(u for u in document["units"] if u["unit"] == "Recht")
    assert unit["causes"]["unavailability"] == pytest.approx(512 * 0.77)
    first, *_, without, held = document["loads"]
    assert first["unit"] == "Schadenprüfung"
    assert first["utilisation"]["value"] == 0.93
    assert first["position"] is None
    assert (without["utilisation"], without["why"]) == (None, "no-calendar")
    assert (held["people"], held["held_back"]) == (None, "below-k")
    json.loads(json_text(document))


def test_nothing_of_the_contract_is_missing():
    assert {"profile", *CONTRACT, *ROWS} <= DOCUMENT.keys()
    for name, keys in CONTRACT.items():
        assert keys <= DOCUMENT[name].keys()
    for name, keys in ROWS.items():
        assert all(keys <= row.keys() for row in DOCUMENT[name])


def test_the_period_is_iso_in_utc():
    assert DOCUMENT["period"]["start"] == "2025-01-01T00:00:00+00:00"
    assert DOCUMENT["period"]["end"] == "2026-01-01T00:00:00+00:00"
    assert DOCUMENT["period"]["months"] == pytest.approx(11.99179)


def test_values_are_unrounded_and_estimates_have_three_parts():
    waits = next(f for f in DOCUMENT["figures"] if f["name"] == "waiting_hours_per_month")
    assert (waits["value"], waits["low"], waits["high"]) == (5883.2, 5590.0, 6190.0)
    assert DOCUMENT["findings"][0]["waiting_hours_per_month"] == {
        "value": 1204.4,
        "low": 940.0,
        "high": 1502.0,
    }
    assert DOCUMENT["links"][0]["waiting_hours_median"] == 19.5


def test_null_stands_beside_its_reason():
    line = next(f for f in DOCUMENT["figures"] if f["name"] == "first_line_share")
    assert (line["value"], line["why"]) == (None, "no-lines")
    held = DOCUMENT["units"][-1]
    assert (held["people"], held["waiting_hours_per_month"]) == (None, None)
    assert held["held_back"] == "below-k"
    assert DOCUMENT["network"]["why"] == "no-transactions"
    assert "why" not in DOCUMENT["findings"][0]


def test_a_count_is_a_whole_number():
    counted = replace(
        faces_fixture.empty(), figures=(Figure("events", 65533.0, None, None, "count", 7554),)
    )
    assert '"value": 65533,' in json_text(situation_document(counted, "en"))


def test_without_a_clock_times_and_prices_are_null():
    document = situation_document(faces_fixture.without_clock(), "en")
    assert (document["period"]["start"], document["period"]["why"]) == (None, "no-clock")
    assert all(f["waiting_hours_per_month"] is None for f in document["findings"])
    assert all(f["why"] == "no-clock" for f in document["findings"])
    assert [f["n_handovers"] for f in document["findings"]] == [280, 244, 138]


def test_titles_and_notes_follow_the_language():
    german = situation_document(faces_fixture.all_held_back(), "de")
    assert german["coverage"]["missing"][0].startswith("Die Daten nennen keine Personen")
    assert german["coverage"]["missing_codes"] == ["no-people"]
    assert german["notes"] == [
        "Einige Befunde dürfen nicht gezeigt werden: Allein oder zusammen mit dem, was hier steht "
        "oder früher gezeigt wurde, verrieten sie etwas über zu wenige Personen."
    ]


def test_json_knows_no_nan_and_no_numpy():
    text = json_text({"a": float("inf"), "b": np.int64(3), "c": np.float64(0.5), "d": np.True_})
    assert json.loads(text) == {"a": None, "b": 3, "c": 0.5, "d": True}


def test_the_whole_document_is_json():
    for name in ("situation", "without_clock", "empty", "hostile", "all_held_back"):
        document = situation_document(getattr(faces_fixture, name)(), "de")
        assert json.loads(json_text(document))["profile"] in ("open", "protected")


def test_a_problem_keeps_its_own_names():
    error = SourceError("a.csv: broken.", code="broken", path="a.csv", status="mine", row=3)
    assert problem_document(error) == {
        "type": "urn:leitweg:problem:broken",
        "title": "The source cannot be read",
        "status": 422,
        "detail": "a.csv: broken.",
        "code": "broken",
        "path": "a.csv",
        "row": 3,
    }
    assert problem_document(KeyFileError("x", code="key-missing"))["status"] == 403


def test_an_error_is_translated_where_its_fields_suffice():
    whole = LeitwegError("English.", code="unwritable", path="x", reason="voll")
    assert error_sentence(whole, "de").startswith("x lässt sich nicht schreiben: voll.")
    assert error_sentence(LeitwegError("English.", code="unwritable"), "de") == "English."
    assert error_sentence(LeitwegError("English.", code="never-heard-of"), "de") == "English."
    odd = LeitwegError("English.", code="unknown-language", language="fr")
    assert error_sentence(odd, "de").startswith("„fr“ ist keine Sprache")
