"""Comparing a workspace: which cases stand on which side, what is refused, what is shown."""

import json
import random
from datetime import UTC, datetime

import pytest
from small_company import company_rows, differences, write_log
from typer.testing import CliRunner

from leitweg.cli.main import app
from leitweg.domain.errors import QuestionError
from leitweg.domain.imports import ImportOptions
from leitweg.language.catalogue import LANGUAGES
from leitweg.reports.comparison import comparison_html
from leitweg.studies.comparing import compare
from leitweg.studies.comparison_document import comparison_document
from leitweg.studies.comparison_page import write_comparison
from leitweg.studies.importing import import_files
from leitweg.studies.situation import analyse
from purposes import allow

MIDDLE = "2024-07-01"


@pytest.fixture(scope="module")
def rows():
    return company_rows(5, cases_at_fault=60)


@pytest.fixture(scope="module")
def workspace(rows, tmp_path_factory):
    return imported(tmp_path_factory.mktemp("compared"), rows)


@pytest.fixture(scope="module")
def halves(workspace):
    return compare(workspace, at=MIDDLE)


def imported(folder, rows, profile="open"):
    path = write_log(folder / "log.csv", rows)
    import_files(folder / "w", [path], ImportOptions(), profile=profile)
    return allow(folder / "w")


def closings(rows):
    last: dict[str, str] = {}
    for row in rows:
        last[row["case_id"]] = max(last.get(row["case_id"], ""), row["at"])
    return last


def values(situation):
    return {f.name: f.value for f in situation.figures}


def test_each_half_says_what_the_situation_of_its_period_says(workspace, halves):
    start, end = (
        datetime.fromtimestamp(us / 1e6, UTC).isoformat()
        for us in (halves.first.period.start_us, halves.second.period.end_us)
    )
    first = values(analyse(workspace, start=start, end=MIDDLE))
    second = values(analyse(workspace, start=MIDDLE, end=end))
    compared = {f.name: f.change for f in halves.figures}
    same = [name for name in compared if first.get(name) is not None]
    assert len(same) >= 15
    for name in same:
        assert compared[name].first.value == pytest.approx(first[name], rel=1e-9), name
        assert compared[name].second.value == pytest.approx(second[name], rel=1e-9), name
    assert (halves.first.cases, halves.second.cases) == (first["cases"], second["cases"])


def test_cases_before_and_after_a_date(rows, halves):
    closed = closings(rows)
    before = sum(time < MIDDLE for time in closed.values())
    assert halves.kind == "periods"
    # the default period leaves a few of the first and the last closings out
    assert abs(halves.first.cases - before) <= 0.006 * len(closed) + 1
    assert halves.first.period.end_us == halves.second.period.start_us


def test_two_periods_may_lie_apart(workspace):
    found = compare(
        workspace, first=("2024-02-01", "2024-04-01"), second=("2024-05-01", "2024-07-01")
    )
    assert found.first.period.months == pytest.approx(60 / 30.4375)
    assert found.second.period.months == pytest.approx(61 / 30.4375)
    border = compare(workspace, first=("2024-02-01", "2024-04-01"), second=(None, "2024-07-01"))
    assert border.second.period.start_us == border.first.period.end_us


def test_a_part_and_the_rest_hold_every_case(rows, workspace):
    topic = rows[0]["topic"]
    found = compare(workspace, part=("topic", topic))
    whole = values(analyse(workspace))
    per_month = found.figures[0].change
    assert found.figures[0].name == "cases_per_month"
    months = found.first.period.months
    assert (per_month.first.value + per_month.second.value) * months == pytest.approx(
        found.first.cases + found.second.cases
    )
    assert abs(found.first.cases + found.second.cases - whole["cases"]) <= 0.011 * whole["cases"]
    assert found.mix.why == "parts-by-topic"
    assert "parts-differ" in found.notes


def test_cases_that_touch_both_units_stand_on_no_side(rows, workspace):
    units: dict[str, set[str]] = {}
    for row in rows:
        units.setdefault(row["case_id"], set()).add(row["unit"])
    a, b = sorted({row["unit"] for row in rows})[:2]
    both = sum({a, b} <= seen for seen in units.values())
    only_a = sum(a in seen and b not in seen for seen in units.values())
    found = compare(workspace, part=("unit", a), other=b)
    note = f"cases-on-both-sides: {both}"
    assert (note in found.notes) == (both > 0)
    assert abs(found.first.cases - only_a) <= 0.011 * len(units)


def test_row_order_and_imports_do_not_matter(rows, halves, tmp_path):
    shuffled = random.Random(3).sample(rows, len(rows))
    other = compare(imported(tmp_path, shuffled), at=MIDDLE)
    assert differences(comparison_document(halves, "en"), comparison_document(other, "en")) == []


def test_another_seed_changes_intervals_only(workspace, halves):
    other = compare(workspace, at=MIDDLE, seed=7)
    pairs = list(zip(halves.figures, other.figures, strict=True))
    for one, two in pairs:
        if one.change.difference:
            assert one.change.difference.value == two.change.difference.value
    assert any(one.change.difference != two.change.difference for one, two in pairs)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "compare-what"),
        ({"at": MIDDLE, "part": ("topic", "x")}, "compare-what"),
        ({"at": MIDDLE, "other": "x"}, "compare-with-what"),
        ({"first": ("2024-02-01", None)}, "compare-border"),
        ({"part": ("colour", "red")}, "unknown-part"),
        ({"part": ("topic", "nonsense")}, "unknown-value"),
        ({"part": ("channel", "mail")}, "no-such-label"),
        ({"part": ("kind", "complaint")}, "no-such-label"),
        ({"part": ("unit", "U01"), "other": "U01"}, "same-part"),
        ({"at": "1999-01-01"}, "empty-comparison-period"),
        ({"at": "next year"}, "not-a-date"),
        (
            {"first": ("2024-02-01", "2024-05-01"), "second": ("2024-04-01", "2024-07-01")},
            "overlapping-periods",
        ),
        ({"first": ("2023-01-01", "2023-02-01"), "second": ("2024-04-01", None)}, "empty-side"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(workspace, asked, code):
    with pytest.raises(QuestionError) as raised:
        compare(workspace, **asked)
    assert raised.value.code == code
    assert "\n" not in raised.value.detail


def test_unknown_values_name_the_choices(workspace):
    with pytest.raises(QuestionError, match="Choose one of: U00, U01, U02"):
        compare(workspace, part=("unit", "U99"))


def test_a_log_without_a_clock_compares_parts_alone(tmp_path):
    lines = ["case,step,unit,person,topic"]
    for i in range(120):
        topic = "a" if i % 2 else "b"
        steps = "AB" if i % 2 else "ABA"
        lines += [f"c{i},{n},{unit},p{unit}{i % 7},{topic}" for n, unit in enumerate(steps)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(lines))
    options = ImportOptions(mapping={"case_id": "case", "order": "step"})
    import_files(tmp_path / "w", [path], options, profile="open")
    with pytest.raises(QuestionError) as raised:
        compare(tmp_path / "w", at=MIDDLE)
    assert raised.value.code == "no-clock-to-compare"
    found = {f.name: f.change for f in compare(tmp_path / "w", part=("topic", "a")).figures}
    assert found["handovers_unit_per_case"].first.value == 1.0
    assert found["handovers_unit_per_case"].second.value == 2.0
    assert found["handovers_unit_per_case"].statement == "changed"
    assert found["cases_per_month"].why == "no-clock"


def test_kinds_of_cases_part_them(tmp_path):
    events = ["case_id,at,person,unit"]
    cases = ["case_id,opened,kind"]
    for i in range(60):
        day = f"2024-03-{1 + i % 28:02d}"
        events += [f"c{i},{day}T08:00:00Z,p{i % 6},A", f"c{i},{day}T1{i % 3}:00:00Z,q{i % 6},B"]
        cases.append(f"c{i},{day}T08:00:00Z,{'complaint' if i % 3 else 'request'}")
    for name, lines in (("events", events), ("cases", cases)):
        (tmp_path / f"{name}.csv").write_text("\n".join(lines))
        options = ImportOptions(kind=name)
        import_files(tmp_path / "w", [tmp_path / f"{name}.csv"], options, profile="open")
    found = compare(tmp_path / "w", part=("kind", "complaint"), other="request")
    assert abs(found.first.cases - 40) <= 1
    assert abs(found.second.cases - 20) <= 1
    with pytest.raises(QuestionError, match="Choose one of: complaint, request"):
        compare(tmp_path / "w", part=("kind", "praise"))


def test_the_document_is_pinned(halves):
    document = comparison_document(halves, "en")
    assert list(document) == [
        "profile",
        "k",
        "level",
        "seed",
        "language",
        "kind",
        "first",
        "second",
        "figures",
        "units",
        "links",
        "findings",
        "mix",
        "units_only_first",
        "units_only_second",
        "tested",
        "notes",
        "note_codes",
    ]
    change = ["first", "second", "difference", "ratio", "statement", "p_value"]
    assert [name for name in document["figures"][0] if name in change] == change
    assert "same_mix" in document["figures"][0]
    assert {"became", "waiting_hours_per_month", "hours_at_place_per_case"} <= set(
        document["findings"][0]
    )
    assert not [note for note in document["notes"] if note in document["note_codes"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_stands_alone(halves, language):
    page = comparison_html(halves, language, datetime(2026, 11, 23, tzinfo=UTC))
    assert f'<html lang="{language}">' in page
    assert page.count("<svg") == 3
    assert "<script" not in page
    assert "compare." not in page
    assert page == comparison_html(halves, language, datetime(2026, 11, 23, tzinfo=UTC))


def test_the_page_is_a_whole_file(halves, tmp_path):
    out = write_comparison(halves, tmp_path / "page.html", "de")
    assert out.read_text("utf-8").startswith("<!doctype html>")
    with pytest.raises(QuestionError, match="named as pdf"):
        write_comparison(halves, tmp_path / "page.pdf", "de")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", ["80", "140"])
def test_the_command(workspace, language, columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    asked = ["compare", "-w", str(workspace), "--at", MIDDLE, "--language", language]
    shown = CliRunner().invoke(app, asked)
    assert shown.exit_code == 0
    assert max(len(line) for line in shown.stdout.splitlines()) <= int(columns)
    assert ("Was sich geändert hat" if language == "de" else "What changed") in shown.stdout
    assert "compare." not in shown.stdout


def test_the_command_prints_one_document_or_one_problem(workspace, tmp_path):
    asked = ["compare", "-w", str(workspace), "--json"]
    out = str(tmp_path / "page.html")
    told = CliRunner().invoke(app, [*asked, "--by", "unit", "U01", "--out", out])
    document = json.loads(told.stdout)
    assert document["path"] == out
    assert document["first"]["part"] == {"by": "unit", "value": "U01"}
    assert document["second"]["part"] == {"by": "unit", "value": None}
    refused = CliRunner().invoke(app, [*asked, "--by", "unit", "U99"])
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["code"] == "unknown-value"
