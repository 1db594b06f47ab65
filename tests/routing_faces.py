"""Answers about the right contact made by hand, for everything that shows one."""

from datetime import UTC, datetime

from leitweg.domain.rosters import Standing
from leitweg.domain.routing import Evidence
from leitweg.domain.routing_answers import (
    CoveragePoint,
    DriftMonth,
    ReleasedBacktest,
    ReleasedContact,
    ReleasedRouting,
    ReliabilityBin,
)

NOW = int(datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()) * 1_000_000
DAY = 86_400_000_000
LONG = "Abteilung für Grundsatzfragen, Beschwerdemanagement und Qualitätssicherung"


def routing(*, abstain=False, profile="open", notes=(), available=True):
    held = ("below-k", "no-case-ids") if profile == "protected" else (None, None)
    rest = {"counts_held_back": held[0], "similar_held_back": held[1]}
    similar = () if profile == "protected" else ("V-1007", "V-0981", "V-0733")
    bill = Evidence("attributes", 1.61, {"topic": "Rechnung"}, 140, 310, NOW - 3 * DAY)
    contacts = (
        ReleasedContact(
            "Rechnungswesen",
            0.44 if abstain else 0.78,
            available,
            (bill, Evidence("words", 0.7), Evidence("similar", 0.4, {}, 12, 40)),
            similar,
            standing=None
            if available
            else Standing("Rechnungswesen", False, "absent", NOW + 9 * DAY),
            **rest,
        ),
        ReleasedContact(
            LONG,
            0.21 if abstain else 0.11,
            available,
            (Evidence("handed", 0.9, {"from": "Kundendienst"}, 30, 96, NOW - 90 * DAY),),
            similar[:1],
            standing=None if available else Standing(LONG, False, "outside-hours"),
            **rest,
        ),
        ReleasedContact("Tarife", 0.09 if abstain else 0.02, available, (), (), **rest),
    )
    return ReleasedRouting(
        profile, "unit", contacts, 0.03, 0.62, abstain, 0.31, 12_000, NOW, tuple(notes)
    )


def backtest(profile="open", level="unit"):
    figures = {
        "top1": 0.6931,
        "top3": 0.8644,
        "mrr": 0.7812,
        "ece": 0.0213,
        "k3": 1.31,
        "human_top1": 0.696,
        "coverage_at_80": 0.66,
        "coverage_at_90": 0.4012,
        "candidate_recall": 0.9921,
        "unseen_share": 0.013,
    }
    curve = tuple(CoveragePoint(1 - i / 20, i / 20, 0.98 - 0.29 * (i / 20) ** 2) for i in range(21))
    bins = tuple(ReliabilityBin(0.05 + i / 10, 0.04 + i / 10.4, 40 + 31 * i) for i in range(10))
    drift = tuple(
        DriftMonth(
            f"2025-{m:02d}", 150 + m, 0.66 + m / 200, 0.85, 1.2 - m / 50, 0.03, 0.99, 0.01, 0.4
        )
        for m in range(1, 13)
    )
    return ReleasedBacktest(
        profile,
        level,
        "known",
        {"train_share": 0.75, "first_contact_known": True, "tossed_only": False, "no_text": False},
        5_665,
        1_889,
        figures,
        {
            "popularity": {"top1": 0.141, "top3": 0.331},
            "product > country": {"top1": 0.653, "top3": 0.821},
        },
        {"p50": 0.42, "p99": 1.7},
        0.31,
        curve,
        bins,
        drift,
    )
