"""Backlogs: which requests are waiting."""

import datetime as dt
import json

import pytest

from leitweg.domain.errors import SourceError
from leitweg.sources.backlogs import read_backlog

NOW_US = 1_795_000_000_000_000


def read(folder, text, name="backlog.csv", **options):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_backlog(path, now_us=NOW_US, **options)


def test_known_columns_and_attributes(tmp_path):
    text = (
        "Vorgang;Betreff;Eingang;Thema;product;Versucht;Zuerst bei;Sprache;Berechtigung;Kunde\n"
        "V1;Rechnung falsch;2026-11-20T08:00:00Z;Rechnung;P1;Schaden | Müller, Anna;Schaden;"
        "Deutsch;Storno;K-7\n"
        "V2;;;;;;;;;\n"
    )
    first, second = read(tmp_path, text)
    assert first.case_id == "V1"
    assert first.text == "Rechnung falsch"
    assert first.at_us == int(dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC).timestamp()) * 1_000_000
    assert first.attributes == {"topic": "Rechnung", "product": "P1"}
    assert first.tried == ("Schaden", "Müller, Anna")
    assert first.first_contact == "Schaden"
    assert (first.language, first.permissions, first.customer) == ("de", {"storno"}, "K-7")
    assert second.attributes == {}
    assert second.text is None


def test_json_lists(tmp_path):
    rows = [{"case_id": 7, "text": "a\nb", "tried": ["X", "Y"], "priority": "high"}]
    (row,) = read(tmp_path, json.dumps(rows), "b.json")
    assert (row.case_id, row.text, row.tried) == ("7", "a\nb", ("X", "Y"))
    assert row.attributes == {"priority": "high"}


def test_faults_are_told_at_once(tmp_path):
    with pytest.raises(SourceError) as caught:
        read(tmp_path, "case_id,language\n1,de\n1,xx\n,en\n")
    found = [(f["row"], f["reason"]) for f in caught.value.fields["faults"]]
    assert found == [
        (2, "another row has the same id"),
        (2, "not a language"),
        (3, "the id of the case is missing"),
    ]


def test_a_text_of_a_megabyte_is_a_clear_refusal(tmp_path):
    with pytest.raises(SourceError) as caught:
        read(tmp_path, "case_id,text\n1," + "a" * 1_000_001 + "\n")
    assert caught.value.code == "field-too-large"
    assert "row 1, column 'text'" in caught.value.detail


def test_a_ragged_row_is_a_fault(tmp_path):
    with pytest.raises(SourceError) as caught:
        read(tmp_path, "case_id,text\n1,a\n2,b,c\n3,d\n")
    assert caught.value.fields["faults"][0]["row"] == 2
