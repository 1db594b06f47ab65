"""The report as a file: whole or not there, and refused formats before any work."""

from datetime import UTC, datetime

import pytest

import faces_fixture
from leitweg.domain.errors import QuestionError
from leitweg.store import create_workspace
from leitweg.studies import reporting


@pytest.fixture
def asked(tmp_path_factory, monkeypatch):
    calls: list[dict[str, object]] = []
    place = create_workspace(tmp_path_factory.mktemp("home") / "w", profile="open")
    monkeypatch.setattr(reporting, "open_workspace", lambda _: place)

    def analysed(place, **named):
        calls.append(named)
        return faces_fixture.nothing_found()

    monkeypatch.setattr(reporting, "analysed", analysed)
    return calls


def test_the_report_is_written_and_its_place_returned(tmp_path, asked):
    out = tmp_path / "new" / "report.html"
    seen: list[tuple[str, int, int]] = []
    written = reporting.write_report(
        tmp_path,
        out=out,
        language="de",
        start="2025-01-01",
        seed=9,
        progress=lambda *step: seen.append(step),
    )
    assert written == out
    assert out.read_text("utf-8").startswith('<!doctype html><html lang="de">')
    assert (asked[0]["start"], asked[0]["end"], asked[0]["seed"]) == ("2025-01-01", None, 9)
    assert seen == [("report", 0, 1), ("report", 1, 1)]
    assert [p.name for p in out.parent.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    ("file_format", "code"),
    [
        ("pdf", "format-not-in-this-version"),
        ("pptx", "format-not-in-this-version"),
        ("docx", "unknown-format"),
    ],
)
def test_other_formats_are_refused_before_any_work(tmp_path, asked, file_format, code):
    with pytest.raises(QuestionError) as raised:
        reporting.write_report(tmp_path, out=tmp_path / "r", format=file_format)
    assert raised.value.code == code
    assert asked == []
    assert not (tmp_path / "r").exists()


def test_the_file_is_for_others_to_read(tmp_path):
    out = tmp_path / "r.html"
    at = datetime(2026, 11, 23, tzinfo=UTC)
    reporting.write_report_of(faces_fixture.empty(), out, "en", at)
    assert out.stat().st_mode & 0o044 == 0o044
    assert "Made on 23 November 2026, 00:00 UTC" in out.read_text("utf-8")
