"""How good the router is, in words: the summary, the figures with their meaning, the question."""

from leitweg.domain.routing_answers import DriftMonth, ReleasedBacktest
from leitweg.language import forms
from leitweg.language.catalogue import has_text, translate
from leitweg.language.routing import note_text

FIGURES = (
    *("top1", "top3", "mrr", "ece", "human_top1", "k3", "coverage_at_80", "coverage_at_90"),
    *("candidate_recall", "unseen_share", "log_loss"),
)
"""In the order in which they are shown; those that a backtest does not have are left out."""
LEAST_TOLD = 0.01
PLAIN = ("mrr", "k3", "log_loss")
MUCH_OFF, BARELY_OFF = 0.10, 0.03
"""A calibration error above the first is told; a mean difference below the second has no sign."""


def summary(language: str, released: ReleasedBacktest) -> list[str]:
    """Return what the backtest comes to: how often right, against people and simple rules."""
    figures = released.figures
    if not released.n_test or figures.get("top1") is None:
        return [translate(language, "backtest.nothing")]
    told = [
        translate(
            language,
            "backtest.summary",
            cases=forms.count(language, "case", released.n_test),
            top1=share_text(language, figures.get("top1")),
            top3=share_text(language, figures.get("top3")),
        )
    ]
    human = right_at_once(released)
    if human is not None:
        share = share_text(language, human)
        told.append(translate(language, "backtest.summary.human", share=share))
    elif _is_tossed_only(released):
        told.append(translate(language, "backtest.summary.tossed_only"))
    best = best_baseline(released)
    if best is not None:
        told.append(
            translate(
                language,
                "backtest.summary.baseline",
                name=baseline_name(language, best[0]),
                share=share_text(language, best[1]),
            )
        )
    if (figures.get("coverage_at_90") or 0.0) >= LEAST_TOLD:
        covered = share_text(language, figures["coverage_at_90"])
        told.append(translate(language, "backtest.summary.coverage", share=covered))
    return told


def right_at_once(released: ReleasedBacktest) -> float | None:
    """Return the share of cases that people sent right at once; None where it tells nothing.

    Among cases chosen because they were handed on it is nought by the choice.
    """
    return None if _is_tossed_only(released) else released.figures.get("human_top1")


def _is_tossed_only(released: ReleasedBacktest) -> bool:
    return bool(released.question.get("tossed_only"))


def best_baseline(released: ReleasedBacktest) -> tuple[str, float] | None:
    """Return the simple rule that is right most often, and how often."""
    known = [(v["top1"], name) for name, v in released.baselines.items() if v.get("top1")]
    if not known:
        return None
    value, name = max((v or 0.0, name) for v, name in known)
    return name, value


def baseline_name(language: str, name: str) -> str:
    """Return the name of a simple rule; one nobody wrote a text for keeps its own."""
    key = f"backtest.baseline.{name}"
    return translate(language, key) if has_text(key) else name.replace("_", " ")


def share_text(language: str, value: float | None) -> str:
    """Write a share in per cent with one digit, as top-k accuracies are compared."""
    return forms.share(language, value, 1)


def figure_rows(language: str, released: ReleasedBacktest) -> list[tuple[str, str, str]]:
    """Return name, value and meaning of every figure that tells something."""
    left_out = {"human_top1"} if _is_tossed_only(released) else set()
    return [
        (
            translate(language, f"backtest.figure.{name}"),
            figure_text(language, name, released.figures[name]),
            translate(language, f"backtest.meaning.{name}"),
        )
        for name in FIGURES
        if name in released.figures and name not in left_out
    ]


def figure_text(language: str, name: str, value: float | None) -> str:
    """Write one figure.

    >>> figure_text("en", "top1", 0.5164), figure_text("de", "k3", 1.8512)
    ('51.6%', '1,85')
    """
    return forms.number(language, value, 2) if name in PLAIN else share_text(language, value)


def baseline_rows(language: str, released: ReleasedBacktest) -> list[tuple[str, str, str]]:
    """Return the simple rules with top-1 and top-3, the router first."""
    router = translate(language, "backtest.router")
    rows = [(router, released.figures.get("top1"), released.figures.get("top3"))]
    rows += [
        (baseline_name(language, name), values.get("top1"), values.get("top3"))
        for name, values in released.baselines.items()
    ]
    return [(name, share_text(language, a), share_text(language, b)) for name, a, b in rows]


DRIFT = ("top1", "top3", "ece", "log_loss", "candidate_recall", "unseen_share", "load_gini")


def drift_headings(language: str) -> list[str]:
    """Return the headings of the table of months, the month and its cases first."""
    names = [translate(language, f"backtest.drift.{name}") for name in DRIFT]
    return [translate(language, "backtest.month"), translate(language, "word.cases"), *names]


def drift_row(language: str, month: DriftMonth) -> list[str]:
    """Return one month as people read it."""
    values = [
        forms.number(language, getattr(month, name), 2)
        if name in ("log_loss", "load_gini")
        else share_text(language, getattr(month, name))
        for name in DRIFT
    ]
    return [month.month, forms.number(language, month.n, 0), *values]


def question_text(language: str, released: ReleasedBacktest) -> str:
    """Return what was judged: level, labels, train and test, and what was left out."""
    question = released.question
    told = [
        translate(language, f"backtest.level.{released.level}"),
        translate(
            language,
            "backtest.split",
            train=forms.number(language, released.n_train, 0),
            test=forms.number(language, released.n_test, 0),
        ),
        translate(language, f"backtest.labels.{released.labels}"),
    ]
    told += [
        translate(language, f"backtest.option.{name}")
        for name in ("first_contact_known", "tossed_only", "no_text")
        if question.get(name)
    ]
    return " · ".join(told)


def speed_text(language: str, released: ReleasedBacktest) -> str:
    """Return how long an answer and the learning took."""
    return translate(
        language,
        "backtest.speed",
        p50=forms.number(language, released.latency_ms.get("p50")),
        p99=forms.number(language, released.latency_ms.get("p99")),
        fit=forms.number(language, released.fit_seconds),
    )


def reading_texts(language: str, released: ReleasedBacktest) -> list[str]:
    """Return what to know when reading a backtest: speed, calibration, what was held back."""
    told = [speed_text(language, released), calibration_text(language, released)]
    told += [note_text(language, note) for note in released.notes]
    return [sentence for sentence in told if sentence]


def calibration_text(language: str, released: ReleasedBacktest) -> str | None:
    """Return how the probabilities told were off; None where they were not, or hardly."""
    off, n = released.figures.get("ece"), sum(b.n for b in released.bins)
    if off is None or off <= MUCH_OFF or not n:
        return None
    said = sum(b.probability * b.n for b in released.bins) / n
    right = sum(b.right_share * b.n for b in released.bins) / n
    way = "mixed" if abs(said - right) < BARELY_OFF else "high" if said > right else "low"
    return translate(
        language,
        f"backtest.calibration.{way}",
        said=share_text(language, said),
        right=share_text(language, right),
        off=share_text(language, off),
    )
