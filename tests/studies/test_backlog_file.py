"""Who takes which request, as a file."""

import csv
import json
from pathlib import Path

import pytest

from leitweg.domain.assignments import Assigned, Assignment
from leitweg.domain.errors import QuestionError
from leitweg.domain.routing_answers import ReleasedBacklog
from leitweg.studies.backlog_file import check_out, write_backlog

ROWS = (
    Assigned("V1", "Claims", 0.75, True),
    Assigned("=V2", None, 0.4, True, "abstained", ("Claims", "Sales")),
)
RELEASED = ReleasedBacklog("open", "unit", Assignment(ROWS, {}, 0.5, 1.0))


def test_one_row_per_request_that_no_spreadsheet_computes(tmp_path):
    out = write_backlog(RELEASED, tmp_path / "out.csv", language="de")
    with out.open(encoding="utf-8", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert (first["case_id"], first["contact"], first["probability"]) == ("V1", "Claims", "0.75")
    assert (first["why"], first["why_text"]) == ("", "")
    assert (second["case_id"], second["contact"], second["why"]) == ("'=V2", "", "abstained")
    assert second["why_text"] == "nicht sicher genug: ein Mensch entscheidet"
    assert second["first"] == "Claims | Sales"


def test_the_name_of_the_file_says_the_format(tmp_path):
    rows = json.loads(write_backlog(RELEASED, tmp_path / "out.json").read_text("utf-8"))
    assert [row["contact"] for row in rows] == ["Claims", None]
    assert write_backlog(RELEASED, tmp_path / "plain").read_text("utf-8").startswith("case_id,")


@pytest.mark.parametrize(
    ("out", "backlog", "code"),
    [
        (Path("a.csv"), None, "out-without-backlog"),
        (Path("a.doc"), Path("b.csv"), "unknown-format"),
    ],
)
def test_what_cannot_be_written_is_refused_at_once(out, backlog, code):
    with pytest.raises(QuestionError) as caught:
        check_out(out, backlog)
    assert caught.value.code == code


def test_nothing_to_write_is_no_fault():
    check_out(None, None)
    check_out(Path("a.xlsx"), Path("b.csv"))
