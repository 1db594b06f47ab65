"""The screens: they fit, say the numbers, and cannot be steered by names."""

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

import depth_fixture
import faces_fixture
from leitweg.cli.screen import bar, clean, dots, shorten
from leitweg.cli.situation_screen import show_situation
from leitweg.language.catalogue import translate


def _shown(released, language="en", width=80) -> str:
    out = io.StringIO()
    show_situation(released, language, screen=Console(file=out, width=width, highlight=False))
    return out.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "situation",
        "without_clock",
        "nothing_found",
        "empty",
        "hostile",
        "mails_only",
        "all_held_back",
    ],
)
@pytest.mark.parametrize("width", [80, 100, 130])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_situation_fits(name, width, language):
    text = _shown(getattr(faces_fixture, name)(), language, width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    assert "{" not in text.replace("{unit}", "")


@pytest.mark.parametrize("name", ["in_depth", "estimated", "all_held_back", "hostile"])
@pytest.mark.parametrize("width", [80, 100, 130])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_situation_in_depth_fits(name, width, language):
    text = _shown(getattr(depth_fixture, name)(), language, width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    assert "{" not in text


def test_why_who_and_how_full_are_on_the_screen():
    text = _shown(depth_fixture.in_depth(), "de", 80)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert any(line.startswith("Niemand da █") and "40 % 2.353" in line for line in lines)
    assert "Recht Niemand da (77 %) 512 Std./Monat" in lines
    assert "Vertrieb Nord Recht 61 0" in lines
    assert any(line.startswith("Schadenprüfung: Gutachten █") for line in lines)
    told = " ".join(lines)
    assert "61 % aller Transaktionen führen in eine andere Einheit" in told
    assert "64 Std./Monat" in told
    assert " gefährdet" in told
    assert "Vorstandsbüro" not in told[told.index("Das Netz ──") :]


def test_what_cannot_be_answered_says_what_helps():
    text = " ".join(_shown(faces_fixture.situation(), "en").split())
    assert (
        "Why customers wait cannot be told, because the log does not say when work started." in text
    )
    assert "--map started=COLUMN" in text
    assert "A network cannot be shown" in text


def test_the_numbers_are_on_the_screen():
    text = _shown(faces_fixture.situation(), "de", 100)
    assert "8.122 Vorgänge · 61.544 Ereignisse · 205 Personen · 12 Einheiten" in text
    assert "5.883 Std./Monat  5.590 bis 6.190" in text
    assert "1.204 Std./Monat" in text
    assert "940 bis 1.502" in text
    assert "Zusammen liegen in den Befunden 1.790 Std./Monat" in " ".join(text.split())
    assert "96 Std./Monat" in text
    assert any(line.endswith(" gespart") for line in map(str.rstrip, text.splitlines()))
    assert "●●●●● gut belegt" in text
    assert "Weitere Verbindungen im Bericht und im Export: 29." in text


def test_a_wide_screen_adds_bars_and_columns():
    text = _shown(faces_fixture.situation(), "en", 130)
    assert "Certainty" in text
    assert "██████████████" in text


def test_held_back_rows_show_no_number():
    line = next(x for x in _shown(faces_fixture.situation()).splitlines() if "Vorstandsbüro" in x)
    assert "Cases get stuck" in line or "held back" in line
    assert "fewer than 5 people" in _shown(faces_fixture.situation())


def test_without_a_clock_findings_are_sorted_by_handovers():
    text = _shown(faces_fixture.without_clock(), "en", 100)
    assert "Findings, the most handovers first" in text
    assert "280 handovers" in text
    assert "h/month" not in text


def test_no_findings_says_why_and_what_next():
    text = " ".join(_shown(faces_fixture.nothing_found()).split())
    assert "That is an answer too." in text
    small = " ".join(_shown(faces_fixture.empty(), "de").split())
    assert "Die Daten enthalten 1 Vorgang" in small
    assert "Auch das ist eine Antwort" not in small


def test_a_name_cannot_steer_the_terminal():
    whole = faces_fixture.situation()
    evil = "\x1b[31mred [bold]x[/bold] \u202eabc"
    units = (replace(whole.units[0], unit=evil), *whole.units[1:])
    text = _shown(replace(whole, units=units), "en", 120)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]x[/bold]" in text


def test_units_are_shown_stage_by_stage():
    text = _shown(faces_fixture.situation(), "en", 100)
    places = [text.index(f"\n{stage}") for stage in ("Front", "Mixed", "Back", "Not determined")]
    assert places == sorted(places)
    many = _shown(faces_fixture.many_units(30), "en", 100)
    assert "Further units in the report and in the export: 6." in many


@pytest.mark.parametrize("language", ["de", "en"])
def test_facts_break_between_two_of_them(language):
    whole = faces_fixture.situation()
    lines = _shown(replace(whole, findings=whole.findings * 3), language, 80).splitlines()
    levels = ("high", "likely", "question", "weak")
    sure = "|".join(translate(language, f"certainty.{level}") for level in levels)
    told = [line for line in lines if "●" in line]
    assert len(told) == 3 * len(whole.findings)
    assert [line for line in told if not re.search(f"[●○]{{5}} ({sure})", line)] == []


def test_findings_held_back_are_no_good_news():
    none = replace(faces_fixture.nothing_found(), notes=("findings-held-back",))
    text = " ".join(_shown(none, "en").split())
    assert "No findings that may be shown. What was found may not be shown:" in text
    assert "That is an answer too." not in text


def test_ties_alone_have_no_ways_of_cases():
    whole = faces_fixture.situation()
    coverage = replace(whole.coverage, cases=0, messages=0)
    text = _shown(replace(whole, coverage=coverage), "de")
    assert "Kundenlinie ──" not in text
    assert "Das Netz ──" in text


def test_small_parts():
    assert bar(1, 1_000_000, 10) == "▏"
    assert bar(0, 10, 10) == ""
    assert dots(0) == "○○○○○"
    assert dots(1) == "●●●●●"
    assert shorten("abc", 3) == "abc"
    assert clean("a\tb\n") == "a�b�"


@pytest.mark.parametrize(
    ("language", "others"), [("en", "other units"), ("de", "andere Einheiten")]
)
def test_units_and_links_that_may_not_be_named_are_shown_together(language, others):
    whole = faces_fixture.situation()
    link, unit = whole.links[0], whole.units[0]
    merged = replace(
        whole,
        links=(*whole.links, replace(link, from_unit="", waiting_hours_per_month=9e6)),
        units=(*whole.units, replace(unit, unit="", stage=None)),
    )
    lines = _shown(merged, language).splitlines()
    assert [x for x in lines if re.search(rf"^ *{others} +{re.escape(link.to_unit)} ", x)]
    assert [x for x in lines if re.search(rf"^ +{others} +█", x)]
