"""Whatever a log lacks: an answer, what it cannot tell is null with its reason, never a crash."""

import itertools
import json
import random
from datetime import UTC, datetime

import pytest
from small_company import company_rows, situation_of

from leitweg.domain.errors import LeitwegError
from leitweg.domain.imports import ImportOptions
from leitweg.language.catalogue import has_text
from leitweg.reports.html import situation_html
from leitweg.studies.documents import situation_document
from leitweg.studies.json_forms import json_text

OPTIONAL = ("person", "unit", "started", "activity", "topic")
LACKING = [
    pytest.param(lacking, id="+".join(lacking) or "nothing")
    for count in range(len(OPTIONAL) + 1)
    for lacking in itertools.combinations(OPTIONAL, count)
    if not {"person", "unit"} <= set(lacking)
]
SAYS = {
    "unit": "persons-for-units",
    "person": "no-people",
    "started": "no-started",
    "activity": "no-states",
    "topic": "no-topic",
}


@pytest.fixture(scope="module")
def few():
    return company_rows(8, cases_at_fault=12)


def check(released, *, page=True):
    """Null has its reason and every reason its text; the faces can show all of it."""
    for row in (*released.figures, *released.links, *released.units):
        value = getattr(row, "value", getattr(row, "waiting_hours_per_month", None))
        reason = row.why or row.held_back
        assert value is not None or reason, row
        if reason:
            assert has_text(f"reason.{reason}"), reason
    for language in ("de", "en"):
        document = json.loads(json_text(situation_document(released, language)))
        assert document["coverage"]["missing_codes"] == list(released.coverage.missing)
        assert "nan" not in json.dumps(document).lower().replace("finanz", "")
    if page:
        text = situation_html(released, "de", datetime(2026, 3, 1, tzinfo=UTC))
        assert text.rstrip().endswith("</html>")


def values(released):
    return {figure.name: figure.value for figure in released.figures}


@pytest.mark.parametrize("lacking", LACKING)
@pytest.mark.parametrize("profile", ["open", "protected"])
def test_columns_may_be_absent_in_any_combination(few, tmp_path, lacking, profile):
    columns = tuple(name for name in few[0] if name not in lacking)
    released = situation_of(tmp_path, few, columns=columns, profile=profile)
    # pictures are the slow part: they are drawn where one column is absent, or all of them
    check(released, page=len(lacking) in (1, 4))
    missing = {note.split(":")[0] for note in released.coverage.missing}
    assert {SAYS[column] for column in lacking} <= missing
    figures = {figure.name: figure for figure in released.figures}
    if profile == "open":
        assert figures["cases"].value == 240
    if "person" in lacking:
        assert figures["handovers_person"].value is None
        assert figures["handovers_person"].why == "no-people"
    if "unit" in lacking:
        assert (figures["handovers_unit"].value, released.level) == (None, "person")
    if "topic" in lacking:
        assert [f for f in released.findings if f.kind == "misrouting"] == []
    if profile == "protected" and lacking[:1] == ("person",):
        assert {figure.held_back for figure in released.figures} == {"people-unknown"}
        assert released.findings == ()
    if profile == "protected" and "unit" in lacking:
        assert (released.links, released.units, released.findings) == ((), (), ())


@pytest.mark.parametrize("lacking", LACKING[::4])
def test_a_log_may_have_an_order_and_no_clock(few, tmp_path, lacking):
    columns = tuple(name for name in few[0] if name not in (*lacking, "at", "started"))
    numbered = [{**row, "step": str(number)} for number, row in enumerate(few)]
    released = situation_of(
        tmp_path,
        numbered,
        columns=(*columns, "step"),
        options=ImportOptions(mapping={"order": "step"}),
    )
    check(released)
    assert "no-clock" in released.coverage.missing
    assert released.period.months is None
    figures = {figure.name: figure for figure in released.figures}
    assert figures["cases"].value == 240
    for name in ("cycle_time_hours_median", "waiting_hours_per_month", "waiting_share"):
        assert (figures[name].value, figures[name].why) == (None, "no-clock")
    assert {finding.price for finding in released.findings} <= {None}


def test_the_order_alone_gives_the_counts_of_the_clock(few, tmp_path):
    clock = situation_of(tmp_path / "clock", few)
    numbered = [{**row, "step": str(number)} for number, row in enumerate(few)]
    columns = tuple(name for name in few[0] if name not in ("at", "started"))
    order = situation_of(
        tmp_path / "order",
        numbered,
        columns=(*columns, "step"),
        options=ImportOptions(mapping={"order": "step"}),
    )
    counted = ("cases", "events", "handovers_unit", "handovers_person", "ping_pong_unit_bounces")
    assert [values(order)[n] for n in counted] == [values(clock)[n] for n in counted]
    assert min(values(order)[n] for n in counted) > 0


@pytest.mark.parametrize("seed", range(6))
def test_single_values_may_be_absent_anywhere(few, tmp_path, seed):
    """Each column loses another share of its values, up to all of them."""
    chance = random.Random(seed)
    shares = {column: chance.choice((0.0, 0.1, 0.5, 0.95)) for column in OPTIONAL}
    rows = [
        {name: "" if chance.random() < shares.get(name, 0.0) else v for name, v in row.items()}
        for row in few
    ]
    released = situation_of(tmp_path, rows)
    check(released, page=seed < 2)
    figures = values(released)
    assert figures["cases"] == 240
    assert figures["events"] == len(few)
    no_unit = sum(row["unit"] == "" for row in rows) / len(rows)
    found = released.coverage.events_without_unit_share
    # the log itself names a unit, or the person's unit fills the gap where one is known
    assert found == pytest.approx(no_unit, abs=1e-12)


def test_without_person_and_unit_the_import_says_what_it_needs(few, tmp_path):
    columns = ("case_id", "at", "activity", "topic")
    with pytest.raises(LeitwegError) as first:
        situation_of(tmp_path, few, columns=columns)
    assert "--kind events" in first.value.detail
    with pytest.raises(LeitwegError) as caught:
        situation_of(tmp_path, few, columns=columns, options=ImportOptions(kind="events"))
    assert caught.value.code == "missing-column"
    assert "person or unit" in caught.value.detail
    assert not (tmp_path / "w").exists()
