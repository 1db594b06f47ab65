"""Numbers, dates and hours as people write them."""

from datetime import UTC, datetime

import pytest

import faces_fixture
from leitweg.domain.findings import Estimate
from leitweg.domain.situation import Figure
from leitweg.language import forms
from leitweg.language.evidence import evidence_rows, evidence_value
from leitweg.language.figures import figure_interval, figure_label, figure_value
from leitweg.language.nothing_found import nothing_found
from leitweg.language.reasons import reason_text
from leitweg.language.sentences import told_sentence

NBSP = "\xa0"


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (0, "0", "0"),
        (0.042, "0.04", "0,04"),
        (0.97, "1.0", "1,0"),
        (3.44, "3.4", "3,4"),
        (19.5, "20", "20"),
        (1234.5, "1,234", "1.234"),
        (-2.5, "−2.5", "−2,5"),
        (None, "n/a", "k. A."),
        (float("nan"), "n/a", "k. A."),
    ],
)
def test_numbers_keep_about_three_figures(value, english, german):
    assert forms.number("en", value) == english
    assert forms.number("de", value) == german


def test_hours_per_month():
    assert forms.hours_per_month("de", 3.44) == "3,4 Std./Monat"
    assert forms.hours_per_month("en", 12345.6) == "12,346 h/month"


@pytest.mark.parametrize(
    ("hours", "english", "german"),
    [
        (0, "0 h", "0 Std."),
        (0.001, "1 min", "1 Min."),
        (0.5, "30 min", "30 Min."),
        (71.6, "72 h", "72 Std."),
        (72, "3.0 days", "3,0 Tage"),
        (240, "10 days", "10 Tage"),
    ],
)
def test_durations_choose_their_measure(hours, english, german):
    assert forms.duration("en", hours) == english
    assert forms.duration("de", hours) == german


def test_shares_and_intervals():
    assert forms.share("de", 0.1505) == f"15{NBSP}%"
    assert forms.share("de", 0.1234) == f"12,3{NBSP}%"
    assert forms.share("en", 1.0) == "100%"
    assert forms.share("en", 0.0) == "0%"
    assert forms.share("en", 0.996) == "99.6%"
    assert forms.share("de", 0.0004) == f"unter 0,1{NBSP}%"
    assert forms.share("de", 0.0006) == f"0,1{NBSP}%"
    assert forms.share("de", 0.9999) == f"über 99,9{NBSP}%"
    assert forms.share("de", 0.0004, 0) == f"0{NBSP}%"
    assert forms.share_interval("en", 0.54, 0.562) == "54.0% to 56.2%"
    assert forms.interval("de", 4.2, 1510) == "4,2 bis 1.510"
    assert forms.price("en", Estimate(1204.4, 940, 1502)) == "1,204 h/month (940 to 1,502)"


def test_dates_from_microseconds_text_and_time():
    at = datetime(2025, 9, 15, 23, 30, tzinfo=UTC)
    us = int(at.timestamp()) * 1_000_000
    assert forms.date("de", us) == "15. September 2025"
    assert forms.date("en", "2025-09-15") == "15 September 2025"
    assert forms.date("en", "no date") == "no date"
    assert forms.date_and_time("de", at) == "15. September 2025, 23:30 UTC"
    assert forms.moment(us + 250) == at.replace(microsecond=250)


def test_counts_know_one():
    assert forms.count("de", "unit", 1) == "1 Einheit"
    assert forms.count("en", "case", 1204) == "1,204 cases"


def test_figures_are_written_by_what_their_name_says():
    waits = Figure("waiting_hours_per_month", 5883.2, 5590, 6190, "hours per month", 10)
    assert figure_label("de", waits.name) == "Kunden warten"
    assert figure_value("de", waits) == "5.883 Std./Monat"
    assert figure_interval("de", waits) == "5.590 bis 6.190"
    cycle = Figure("cycle_time_hours_p90", 240.0, 228.0, 255.0, "hours", 10)
    assert (figure_value("en", cycle), figure_interval("en", cycle)) == (
        "10 days",
        "9.5 days to 11 days",
    )
    assert figure_value("en", Figure("cases", 8122.0, None, None, "count", 8122)) == "8,122"
    per_case = Figure("handovers_unit_per_case", 1.35, 1.31, 1.39, "count", 10)
    assert figure_value("de", per_case) == "1,35"
    assert figure_interval("de", per_case) == "1,31 bis 1,39"


def test_a_figure_without_value_says_why():
    lines = Figure("first_line_share", None, None, None, "share", 0, why="no-lines")
    assert figure_value("de", lines) == "k. A. (es sind keine Supportstufen zugeordnet)"
    held = Figure("cases", None, None, None, "count", 0, held_back="below-k")
    assert "too few people or cases" in figure_value("en", held)


def test_reasons_fall_back_to_the_sentence_given():
    assert reason_text("de", "no-clock") == "die Daten enthalten keine Zeiten"
    assert reason_text("de", "Something else.") == "Something else."
    assert reason_text("en", None) == ""


def test_notes_are_codes_with_facts():
    assert told_sentence("en", "events-without-unit: 0.0340").startswith("3.4% of the events")
    assert told_sentence("de", "quiet-weeks: 3").endswith("oder Ferien: 3.")
    assert told_sentence("de", "thin-units: 3 of 12").startswith("Bei 3 von 12 Einheiten")
    assert told_sentence("de", "no-topic").startswith("Die Daten nennen kein Thema")
    assert told_sentence("de", "no clock in the log") == "keine Zeiten in den Daten"
    assert told_sentence("de", "Something else.") == "Something else."
    assert told_sentence("de", "unheard-of: 3") == "unheard-of: 3"


def test_warnings_and_errors_of_other_rooms_are_told_in_german():
    zone = (
        "log.csv: column 'at' has times without a zone, as in '2025-01-01 10:00'. Name the zone "
        "with --time-zone, for example --time-zone Europe/Berlin."
    )
    assert told_sentence("de", zone).startswith(
        "log.csv: Die Spalte „at“ hat Zeiten ohne Zone, wie „2025-01-01 10:00“."
    )
    assert told_sentence("en", zone) == zone
    both = (
        "v.csv: 'A' and 'B' could both be person; 'A' was taken, 'B' left out. Choose with "
        "--map person=COLUMN."
    )
    assert told_sentence("de", both) == (
        "v.csv: „A“ und „B“ könnten beide person sein; genommen wurde „A“, „B“ entfällt. "
        "Mit --map person=SPALTE wählen."
    )


def test_a_sentence_with_braces_in_a_name_survives():
    said = "{x}.csv: the file is empty. Export it again or leave it out."
    assert told_sentence("de", said).startswith("{x}.csv: Die Datei ist leer.")


def test_evidence_is_written_by_what_its_name_says():
    assert evidence_value("de", "busiest_day_share", 0.61) == f"61{NBSP}%"
    assert evidence_value("de", "waiting_hours_median", 19.2) == "19 Std."
    assert evidence_value("en", "hours_without_longest_1_percent", 1001.2) == "1,001 h/month"
    assert evidence_value("en", "factor", 2.834) == "2.83"
    assert evidence_value("en", "senders", 5) == "5"
    assert evidence_value("de", "case_ids", list("abcdefgh")) == "a, b, c, d, e, f und 2 weitere"
    assert evidence_value("en", "next", {"x_share": 0.5}) == "x_share: 50%"


def test_evidence_that_says_no_is_left_out():
    rows = evidence_rows("en", {"cannot_be_told_from_slow_link": False, "topics": [], "odd_one": 3})
    assert rows == [("odd one", "3")]


def test_nothing_found_names_only_what_would_help():
    told = nothing_found(faces_fixture.nothing_found(), "en")
    assert told[0].endswith("That is an answer too.")
    assert "--map topic=COLUMN" in told[2]
    assert not any("--map started" in sentence for sentence in told)
    small = nothing_found(faces_fixture.empty(), "de")
    assert small[0].startswith("Die Daten enthalten 1 Vorgang; unter 20 Übergaben")
    assert len(small) == 2
