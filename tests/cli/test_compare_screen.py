"""The comparison on a terminal: it fits, says once what is said of many, and shows its numbers."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

import faces_fixture
from leitweg.cli.compare_screen import show_comparison
from leitweg.domain.comparison import (
    Change,
    FigureChange,
    FindingChange,
    Mix,
    PlaceChange,
    ReleasedComparison,
    Side,
)
from leitweg.domain.findings import Estimate
from leitweg.domain.situation import Period

DAY = 86_400_000_000
NONE = Change(None, None, None, None, "not_tested")


def _change(first, second, statement):
    d, r = second - first, second / first
    around = Estimate(d, d - 1, d + 1), Estimate(r, r - 0.1, r + 0.1)
    ends = (Estimate(v, v - 1, v + 1) for v in (first, second))
    return Change(*ends, *around, statement, 0.01)


def _side(start, cases):
    period = Period(start * DAY, (start + 180) * DAY, 5.9, "asked")
    return Side(period, None, cases, cases * 4, 60, 9, 0.0, 0.0)


def _figure(name, measure, first, second, statement):
    change = _change(first, second, statement)
    return FigureChange(name, measure, 900, 950, change, NONE)


def _place(unit, to, statement):
    ends = (None, unit, to) if to else (unit, None, None)
    return PlaceChange(*ends, 90, 95, _change(20.0, 30.0, statement), NONE, 9, 9)


def _comparison():
    found = faces_fixture.situation().findings[0]
    grew = FindingChange(
        found.kind, found, found, _change(940.0, 1502.0, "changed"), NONE, NONE, "grew"
    )
    gone = replace(grew, second=None, price=replace(NONE, first=grew.price.first))
    return ReleasedComparison(
        *("open", 5, "unit", "periods", _side(20_100, 900), _side(20_280, 950)),
        (
            _figure("handovers_unit_per_case", "count", 1.7, 1.69, "no_change"),
            _figure("waiting_hours_per_month", "hours per month", 38_087.0, 47_236.0, "changed"),
            _figure("waiting_share", "share", 0.81, 0.84, "changed"),
        ),
        (_place("Einspeisung und Ladetechnik", None, "changed"),),
        (_place("Vertragsmanagement", "Technischer Außendienst", "too_few"),),
        (grew, replace(gone, became="vanished")),
        Mix(0.1, False, 1.0),
        *((), (), {"figures": 3, "units": 1, "links": 0, "findings": 2}, ("no-cause",), 0),
    )


def _shown(language, width, comparison=None):
    out = io.StringIO()
    screen = Console(file=out, width=width, highlight=False)
    show_comparison(comparison or _comparison(), language, screen=screen)
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 100, 130])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_comparison_fits_and_says_each_number(language, width):
    text = _shown(language, width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    for number in ("38.087", "47.236", "+24") if language == "de" else ("38,087", "47,236", "+24%"):
        assert number in text


def test_what_changed_comes_first_and_is_said_once():
    lines = [" ".join(line.split()) for line in _shown("de", 100).splitlines()]
    figures = lines[lines.index("Geändert") : lines.index("Keine Änderung sichtbar")]
    assert any("Kunden warten" in line for line in figures)
    assert any("Anteil Wartezeit" in line for line in figures)
    assert not any("Übergaben" in line for line in figures)
    assert lines.count("Geändert") == 2  # figures, units
    assert lines.count("Zu wenige Vorgänge") == 1


@pytest.mark.parametrize("width", [80, 130])
def test_findings_say_both_prices_and_what_became_of_them(width):
    text = " ".join(_shown("en", width).split())
    for told in ("940 h/month", "1,502 h/month", "+562 h/month", "grew", "vanished"):
        assert told in text
    assert ("940 h/month → 1,502 h/month: +562 h/month (+561 to +563)" in text) == (width == 80)


def test_the_column_of_equal_topics_is_explained_where_it_stands():
    assert "it stands on all cases" in " ".join(_shown("en", 130).split())
    assert "Same topics" not in _shown("en", 80)


def test_where_a_side_is_held_back_nothing_is_said_to_be_unchanged():
    whole = _comparison()
    first = replace(whole.first, cases=None, held_back="below-k")
    none = replace(
        whole, profile="protected", first=first, figures=(), units=(), links=(), findings=()
    )
    told = " ".join(_shown("en", 80, replace(none, tested={})).split())
    assert "Of this question nothing may be shown" in told
    assert "What helps: the same period as before" in told
    assert "figures tested" not in told
    assert "nothing may be shown" not in _shown("en", 80)
