"""What the dossier tells, and how it is written as Markdown and PDF."""

import re

import pytest

from dossier_fixture import HOSTILE, MADE_AT_US, facts
from leitweg.domain.access import PurposeState
from leitweg.domain.document import DataTable, Heading, Remark
from leitweg.privacy.controls import ATTACKS, CONTROLS
from leitweg.reports import dossier_controls
from leitweg.reports.dossier import dossier_document
from leitweg.reports.dossier_markdown import markdown_of
from leitweg.reports.dossier_pdf import pages_of, pdf_of
from leitweg.studies.dossier_state import read_mark

LANGUAGES = ("de", "en")


def cells(document, head):
    """The rows of the table whose first column bears this head, as text."""
    for block in document.blocks:
        if isinstance(block, DataTable) and block.columns and text(block.columns[0]) == head:
            return [[text(cell) for cell in row] for row in block.rows]
    raise AssertionError(head)


def text(runs):
    return "".join(run.text for run in runs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_its_seven_parts_in_both_languages(language):
    heads = [
        b.text
        for b in dossier_document(facts(), language).blocks
        if isinstance(b, Heading) and b.level == 1
    ]
    assert len(heads) == 7
    assert (
        heads[3]
        == {
            "de": "Datenschutz-Folgenabschätzung",
            "en": "Data protection impact assessment",
        }[language]
    )


def test_purposes_say_who_when_and_on_which_basis():
    rows = cells(dossier_document(facts(), "de"), "Zweck")
    assert rows[0][1:] == [
        "eingeschaltet",
        "seit 1. März 2026, durch Dr. Anna Weber",
        "Art. 6 (1) f",
    ]
    assert rows[1][1:3] == ["ausgeschaltet", "ausgeschaltet am 1. März 2026 durch Jo Müller"]
    assert rows[2][2] == "noch nie eingeschaltet"


def test_open_points_are_ticked_by_what_the_workspace_knows():
    points = {row[0]: row[3] for row in cells(dossier_document(facts(), "en"), "Point")}
    ticked = [point for point, box in points.items() if box == "x"]
    assert [point.split(",")[0][:24] for point in ticked] == [
        "Lay down the purpose in ",
        "Determine the legal basi",
        "Keep the key of the work",
    ]
    listed = {row[0]: row[3] for row in cells(dossier_document(facts(exclusions=2), "en"), "Point")}
    assert sum(box == "x" for box in listed.values()) == 4


def test_a_purpose_without_a_basis_stays_open():
    states = (PurposeState("path-analysis", True, MADE_AT_US, "Anna", ""),)
    rows = cells(dossier_document(facts(purposes=states), "en"), "Point")
    assert rows[1][2:] == ["none", ""]


def test_rows_are_told_and_few_rows_are_not():
    rows = {
        row[0].split()[0]: row
        for row in cells(dossier_document(facts(), "de"), "Tabelle und Inhalt")
    }
    assert rows["events"][3:] == ["12.345", "2025-01 – 2025-12"]
    assert rows["people"][3:] == ["unter 5", "–"]
    assert rows["ties"][3] == "keine"
    shown = cells(dossier_document(facts(profile="open"), "en"), "Table and content")
    assert {row[0].split()[0]: row[3] for row in shown}["people"] == "4"


def test_shorter_periods_are_told():
    assert any(
        row[1].startswith("60 days") for row in cells(dossier_document(facts(), "en"), "What")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changed_is_said(language):
    told = markdown_of(dossier_document(facts(), language))
    assert {
        "de": "Seit dem Dossier vom 28. Februar 2026:\n\n- Zweck Weganalyse wurde eingeschaltet.",
        "en": "Since the dossier of 28 February 2026:\n\n- Purpose path analysis was switched on.",
    }[language] in told
    none = markdown_of(dossier_document(facts(changes=()), language))
    assert {"de": "hat sich nichts geändert", "en": "has changed since"}[language] in none


def test_every_control_stands_with_its_tests():
    rows = {
        row[0]: row for row in cells(dossier_document(facts(), "en"), "No.") if row[0][0] == "C"
    }
    tables = [b for b in dossier_document(facts(), "en").blocks if isinstance(b, DataTable)]
    rows = {text(row[0]): row for t in tables for row in t.rows if len(row) == 4}
    for control in CONTROLS:
        proof = text(rows[control.id][3])
        assert all(test.partition("::")[2] in proof for test in control.tests)


def test_an_attack_that_nobody_tried_is_called_so(monkeypatch):
    untried = [type(a)(a.id, a.controls) for a in ATTACKS]
    monkeypatch.setattr(dossier_controls, "ATTACKS", untried)
    told = cells(dossier_document(facts(), "en"), "No.")
    assert {row[4] for row in told} == {"Not tested in this version yet"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_workspace_is_warned_of(language):
    def warnings(profile):
        blocks = dossier_document(facts(profile=profile), language).blocks
        return sum(isinstance(b, Remark) for b in blocks)

    assert warnings("open") == warnings("protected") + 1


def hostile():
    states = (PurposeState("path-analysis", True, MADE_AT_US, HOSTILE, HOSTILE),)
    return facts(purposes=states, workspace=HOSTILE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_breaks_the_markdown(language):
    told = markdown_of(dossier_document(hostile(), language))
    assert "<script>" not in told
    assert "**fett**" not in told
    tables = re.findall(r"(?:^\|.*\|$\n?)+", told, re.MULTILINE)
    assert len(tables) > 20
    for table in tables:
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(widths) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_breaks_the_pdf(language):
    document = dossier_document(hostile(), language)
    assert read_mark(pdf_of(document)).made_at_us == 255
    assert len(pages_of(document, ppi=10)) >= 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_dossier_gives_the_same_bytes(language):
    first, second = (pdf_of(dossier_document(facts(), language)) for _ in range(2))
    assert first == second
    assert first.startswith(b"%PDF-")


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_and_pdf_bear_the_mark(language):
    document = dossier_document(facts(), language)
    for content in (markdown_of(document).encode(), pdf_of(document)):
        assert read_mark(content).parts == {"version": "0123456789ab"}


def test_the_pdf_says_its_language_and_can_be_read_aloud():
    for language in LANGUAGES:
        pdf = pdf_of(dossier_document(facts(), language))
        assert f"/Lang({language})".encode() in pdf.replace(b"/Lang (", b"/Lang(")
        assert b"pdfuaid" in pdf
