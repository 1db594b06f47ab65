"""The right contact, backtests and what was learnt on a terminal: they fit and say what to do."""

import io
import json
import re
from dataclasses import replace

import pytest
import vl_convert
from rich.console import Console
from typer.testing import CliRunner

import routing_faces
from leitweg.charts.backtest import draw_backtest, draw_panels
from leitweg.charts.clear_place import Plot, clear_place
from leitweg.charts.labels import LETTER_WIDTH
from leitweg.cli.backtest_screen import show_backtest
from leitweg.cli.learn_screen import show_learnt
from leitweg.cli.main import app
from leitweg.cli.route_screen import show_backlog, show_routing
from leitweg.domain.assignments import Assigned, Assignment, AssignmentFigures
from leitweg.domain.imports import ImportOptions
from leitweg.domain.routing_answers import ReleasedBacklog, ReliabilityBin
from leitweg.routing.drift import DriftWeek
from leitweg.studies.drift import Drift
from leitweg.studies.importing import import_files
from leitweg.studies.learning import Learnt, LearntLevel

RUNNER = CliRunner()
LANGUAGES = ("en", "de")
WIDTHS = (80, 140)


def shown(show, answer, language="en", width=80):
    screen = Console(file=io.StringIO(), width=width, highlight=False)
    show(answer, language, screen=screen)
    return screen.file.getvalue()


def backlog():
    figures = AssignmentFigures(1, 0.8, 1, 0.5, 0.1)
    rows = (
        Assigned("N-1", "Sales", 0.8, True, None, ("Sales",)),
        Assigned("N-2", None, 0.3, True, "abstained", ("Sales", routing_faces.LONG, "Claims")),
    )
    ways = dict.fromkeys(("optimal", "greedy", "likeliest"), figures)
    return ReleasedBacklog("open", "unit", Assignment(rows, ways, 0.5, 1.0), ("empty-text",))


def learnt():
    level = LearntLevel("unit", 12_000, 12, 14, 4.2, 100_000, 40)
    week = DriftWeek("2026-W07", 40, 31, 0.6, 0.9, 1.1, 0.03, 0.02, 0.01, 0.4, 0.1)
    return Learnt((level,), (Drift("unit", (week,)),), 0)


SCREENS = {
    "sure": (show_routing, routing_faces.routing()),
    "unsure": (show_routing, routing_faces.routing(abstain=True, profile="protected")),
    "nobody": (show_routing, routing_faces.routing(available=False, notes=("nothing-known",))),
    "backlog": (show_backlog, backlog()),
    "backtest": (show_backtest, routing_faces.backtest()),
    "learnt": (show_learnt, learnt()),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_fits_and_holds_no_placeholder(name, language, width):
    text = shown(*SCREENS[name], language, width)
    assert max(map(len, text.splitlines())) <= width
    assert not re.search(r"[{}]|routing\.|backtest\.|learn\.", text)


def test_a_sure_answer_says_where_to_send_it():
    text = shown(*SCREENS["sure"])
    assert "Send it to Rechnungswesen: right with a probability of 78%." in text
    assert "Topic Rechnung: resolved 140 of 310, the last one 3 days ago" in text
    assert "Similar cases: V-1007, V-0981, V-0733" in text


def test_an_unsure_answer_asks_to_choose():
    text = shown(*SCREENS["unsure"], "de")
    assert "Nicht sicher: Bitte unter diesen dreien wählen." in text
    assert "Ähnliche Vorgänge werden in einem geschützten Arbeitsbereich nicht genannt." in text


def test_who_is_not_available_is_shown_with_the_reason():
    text = " ".join(shown(*SCREENS["nobody"], "en", 140).split())
    assert "absent, until Wed 2 December 2026" in text
    assert "Neither text nor attributes say anything" in text


def test_a_wide_screen_explains_the_figures():
    narrow, wide = (shown(*SCREENS["backtest"], "en", width) for width in WIDTHS)
    assert "by how much the probabilities told are off" in wide
    assert "by how much the probabilities told are off" not in narrow
    assert "69.3%" in narrow
    assert "People chose the right contact at once in 69.6%." in narrow


def test_what_was_learnt_is_said_with_its_weeks():
    text = shown(*SCREENS["learnt"], "en", 140)
    assert "Level unit: 14 contacts, learnt from 12,000 cases in 4.2" in text
    assert "2026-W07" in text
    assert "60.0%" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_of_a_backtest_can_be_drawn(language):
    picture = draw_backtest(routing_faces.backtest(), language)
    assert vl_convert.svg_to_png(picture.svg)
    # the curve, the line of people, the bins, the months
    assert picture.svg.count("<text") > 20
    assert ("Menschen: 70" if language == "de" else "People: 70%") in picture.svg


def tossed():
    judged = routing_faces.backtest()
    question = {**judged.question, "tossed_only": True}
    return replace(judged, question=question, figures={**judged.figures, "human_top1": 0.0})


def test_among_cases_handed_on_nobody_is_said_to_have_been_right_in_no_case():
    text = " ".join(shown(show_backtest, tossed(), "de", 140).split())
    assert "Menschen wählten" not in text
    assert "Von Menschen gleich richtig" not in text
    assert "Geprüft sind nur weitergegebene Vorgänge" in text
    assert "Menschen" not in draw_backtest(tossed(), "de").svg


def off_by(shift, ece=0.2):
    judged = routing_faces.backtest()
    bins = tuple(ReliabilityBin(0.5 + shift, 0.5, 40) for _ in range(3))
    return replace(judged, bins=bins, figures={**judged.figures, "ece": ece})


@pytest.mark.parametrize(
    ("shift", "told"),
    [
        (0.2, "were too high: 70.0% on average, and 50.0% were right"),
        (-0.2, "were too low: 30.0% on average, and 50.0% were right"),
        (0.01, "were off by 20.0%, some too high and some too low"),
    ],
)
def test_probabilities_that_are_far_off_are_told_with_their_sign(shift, told):
    assert told in " ".join(shown(show_backtest, off_by(shift), "en", 140).split())


def test_probabilities_that_hold_need_no_sentence():
    text = shown(show_backtest, off_by(0.2, ece=0.1), "en", 140)
    assert "The probabilities told were" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_wide_page_the_plots_stand_side_by_side(language):
    panels = draw_panels(routing_faces.backtest(), language)
    assert [panel.name.removeprefix("backtest-") for panel in panels] == [
        *("curve", "reliability", "months")
    ]
    # 990 pixels inside the frame, 16 between two plots
    assert sum(panel.width for panel in panels) + 2 * 16 <= 990


def test_the_name_of_the_line_of_people_keeps_clear_of_the_curve():
    plot = Plot(320, 250, 0.5)
    falling = [(i / 50, 0.75 - 0.2 * i / 50) for i in range(51)]
    text = "Menschen: 70 % gleich richtig"
    place = clear_place(falling, 0.7, text, plot)
    left = place.x * plot.width
    edges = (-18, -3) if place.above else (3, 18)
    for x, value in falling:
        if left <= x * plot.width <= left + len(text) * LETTER_WIDTH:
            away = plot.down(value) - plot.down(0.7)
            assert not edges[0] <= away <= edges[1]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    home = tmp_path_factory.mktemp("screens")
    units = {"Bill": "Sales", "Meter": "Claims"}
    lines = ["case_id,at,person,unit,topic,text"]
    for case in range(120):
        topic = ("Bill", "Meter")[case % 2]
        day = f"2026-02-{1 + case % 28:02d}"
        words = "invoice too high" if topic == "Bill" else "cannot read it"
        for hour, unit in ((8, "Desk"), (9, units[topic])):
            lines.append(f"V{case},{day}T{hour:02d}:00Z,{unit}{case % 6},{unit},{topic},{words}")
    (home / "log.csv").write_text("\n".join(lines))
    import_files(home / "w", [home / "log.csv"], ImportOptions(), profile="open")
    return home / "w"


def run(*arguments, **how):
    return RUNNER.invoke(app, [str(argument) for argument in arguments], **how)


def asked(workspace, *arguments, **how):
    result = run("route", "-w", workspace, "--json", *arguments, **how)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_command_answers_with_the_document_of_the_contract(workspace):
    found = asked(workspace, "--attribute", "topic=Bill")
    names = {"level", "abstain", "threshold", "expected_transfers", "contacts"}
    assert names <= set(found)
    first = found["contacts"][0]
    assert {"rank", "contact", "probability", "available", "reasons", "similar_cases"} <= set(first)
    assert (first["rank"], first["contact"]) == (1, "Sales")
    assert all({"text", "weight"} <= set(reason) for reason in first["reasons"])


def test_a_text_comes_from_the_line_a_file_or_standard_input(workspace, tmp_path):
    (tmp_path / "text.txt").write_text("cannot read it")
    for arguments, how in (
        (("--text", "cannot read it"), {}),
        (("--text-file", tmp_path / "text.txt"), {}),
        (("--text-file", "-"), {"input": "cannot read it"}),
    ):
        assert asked(workspace, *arguments, **how)["contacts"][0]["contact"] == "Claims"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--text", "a", "--text-file", "b"), "two-texts"),
        (("--text-file", "nowhere.txt"), "text-unreadable"),
        (("--top", "0"), "bad-top"),
        (("--at", "soon"), "not-a-date"),
        (("--roster", "nowhere.csv"), None),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_input_is_one_sentence_and_exit_code_1(workspace, arguments, code, language):
    result = run("route", "-w", workspace, *arguments, "--json", "--language", language)
    assert result.exit_code == 1
    problem = json.loads(result.stdout)
    assert code in (None, problem["code"])
    assert problem["detail"]
    assert "Traceback" not in result.output


def test_a_file_that_is_too_large_is_refused(workspace, tmp_path):
    (tmp_path / "big.txt").write_bytes(b"a" * 10_000_001)
    result = run("route", "-w", workspace, "--text-file", tmp_path / "big.txt", "--json")
    assert json.loads(result.stdout)["code"] == "text-too-long"


def test_learn_and_backtest_answer_in_json(workspace, tmp_path):
    learnt_now = json.loads(run("learn", "-w", workspace, "--level", "unit", "--json").stdout)
    assert [level["level"] for level in learnt_now["levels"]] == ["unit"]
    picture = tmp_path / "b.svg"
    result = run("backtest", "-w", workspace, "--json", "--picture", picture)
    assert json.loads(result.stdout)["paths"] == [str(picture)]
    assert picture.exists()


@pytest.mark.parametrize("name", ["b.png", "b"])
def test_a_picture_under_another_name_is_refused_before_anything_is_judged(
    workspace, tmp_path, name
):
    result = run("backtest", "-w", workspace, "--picture", tmp_path / name)
    assert result.exit_code == 1
    assert "Possible endings: .svg." in " ".join(result.output.split())
    assert list(tmp_path.iterdir()) == []
