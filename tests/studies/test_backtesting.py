"""Backtests of a planted company: figures, what leaves, files."""

import pytest
from planted_routing import imported

from leitweg.domain.errors import QuestionError
from leitweg.domain.imports import ImportOptions
from leitweg.studies.backtesting import (
    backtest,
    backtest_document,
    check_backtest_files,
    write_backtest,
)
from leitweg.studies.importing import import_files
from leitweg.studies.json_forms import json_text
from purposes import allow

OF_THE_CONTRACT = {
    *("level", "labels", "n_train", "n_test", "top1", "top3", "mrr", "ece", "k3", "human_top1"),
    *("coverage_at_80", "coverage_at_90", "candidate_recall", "latency_ms", "fit_seconds"),
    "baselines",
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("open"), "open")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("protected"))


@pytest.fixture(scope="module")
def judged(planted):
    return backtest(planted)


def test_the_planted_units_are_found(judged):
    """The topic tells the unit but for one bill in ten; nobody begins at the right one."""
    assert (judged.n_train, judged.n_test) == (312, 78)
    assert judged.figures["top1"] >= 0.95
    assert judged.figures["top3"] == 1.0
    assert judged.figures["human_top1"] == 0.0
    assert judged.figures["candidate_recall"] == 1.0
    assert judged.baselines["popularity"]["top1"] < judged.figures["top1"]


def test_the_curve_ends_with_all_requests_and_their_accuracy(judged):
    last = judged.curve[-1]
    assert (last.coverage, last.accuracy) == (1.0, pytest.approx(judged.figures["top1"]))
    coverage = [point.coverage for point in judged.curve]
    thresholds = [point.threshold for point in judged.curve]
    assert coverage == sorted(coverage)
    assert thresholds == sorted(thresholds, reverse=True)


def test_bins_and_months_hold_every_judged_case(judged):
    assert sum(b.n for b in judged.bins) == judged.n_test
    assert sum(month.n for month in judged.drift) == judged.n_test
    right = sum(b.right_share * b.n for b in judged.bins)
    assert right / judged.n_test == pytest.approx(judged.figures["top1"])


def test_the_document_holds_the_keys_of_the_contract(judged):
    document = backtest_document(judged, "de")
    assert set(document) >= OF_THE_CONTRACT
    assert set(document["latency_ms"]) == {"p50", "p99"}
    assert set(document["baselines"]["popularity"]) == {"top1", "top3"}
    assert "held_back" not in document


def test_a_protected_backtest_is_a_sum_and_names_nobody(guarded):
    found = backtest(guarded, level="person")
    text = json_text(backtest_document(found, "en"))
    assert "@x.example" not in text
    assert "p-" not in text
    assert all(b.n >= 5 for b in found.bins)
    assert all(month.load_gini is None for month in found.drift)


def test_where_few_people_resolved_the_cases_nothing_leaves(tmp_path):
    lines = ["case_id,at,person,unit,topic"]
    lines += [
        f"V{i},2026-01-{1 + i % 28:02d}T08:{i % 60:02d}:00Z,a{i % 3},U{i % 3},T{i % 3}"
        for i in range(200)
    ]
    (tmp_path / "few.csv").write_text("\n".join(lines))
    import_files(tmp_path / "w", [tmp_path / "few.csv"], ImportOptions())
    found = backtest(allow(tmp_path / "w", "routing"))
    assert set(found.figures.values()) == {None}
    assert (found.curve, found.bins, found.drift, found.baselines) == ((), (), (), {})
    document = backtest_document(found, "en")
    assert document["held_back"] == "below-k"
    with pytest.raises(QuestionError) as refused:
        write_backtest(found, tmp_path / "b.svg")
    assert refused.value.code == "no-figures-to-draw"


def test_the_first_contact_and_handed_on_cases_can_be_asked_for(planted):
    tossed = backtest(planted, tossed_only=True, use_text=False, labels="immediate")
    assert tossed.n_test == 78
    assert tossed.question["tossed_only"] is True
    assert tossed.labels == "immediate"
    known = backtest(planted, first_contact_known=True, train_share=0.5)
    assert (known.n_train, known.n_test) == (195, 195)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"level": "galaxy"}, "unknown-level"),
        ({"labels": "never"}, "unknown-labels"),
        ({"train_share": 1.5}, "bad-train-share"),
    ],
)
def test_what_cannot_be_asked_is_refused(planted, asked, code):
    with pytest.raises(QuestionError) as refused:
        backtest(planted, **asked)
    assert refused.value.code == code


@pytest.mark.parametrize("language", ["en", "de"])
def test_page_and_picture_are_written(judged, tmp_path, language):
    page = write_backtest(judged, tmp_path / "b.html", language=language)
    text = page.read_text(encoding="utf-8")
    # each plot alone, so that they stand below one another on a phone
    assert text.count("<svg") == 2
    assert text.count("--width:min(") == 2
    assert "<table" in text
    assert "src=" not in text
    picture = write_backtest(judged, tmp_path / "b.svg", language=language)
    assert picture.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize("name", ["b.pdf", "b.png", "b"])
def test_a_name_that_does_not_say_what_to_write_is_refused(judged, tmp_path, name):
    with pytest.raises(QuestionError) as refused:
        write_backtest(judged, tmp_path / name)
    assert refused.value.code == "unknown-ending"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["b.html", "b.png", "b"])
def test_a_picture_is_written_as_svg_alone(tmp_path, name):
    with pytest.raises(QuestionError) as refused:
        check_backtest_files(None, tmp_path / name)
    assert "Possible endings: .svg." in str(refused.value)
    check_backtest_files(tmp_path / "b.html", tmp_path / "b.SVG")
