"""Released situations made by hand, for everything that shows one: screens, pictures, reports."""

from dataclasses import replace
from datetime import UTC, datetime

from leitweg.domain.findings import Estimate, Finding
from leitweg.domain.situation import (
    Coverage,
    Figure,
    LinkRow,
    Period,
    ReleasedSituation,
    UnitRow,
)

LONG = "Abteilung für Grundsatzfragen, Beschwerdemanagement und Qualitätssicherung"


def _us(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1_000_000


PERIOD = Period(_us(2025, 1, 1), _us(2026, 1, 1), 365 / 30.4375, "0.5 % to 99.5 % of the closings")

# unit, people, cases, stage, direct share, distance, weight, holding median, waiting per month
_UNITS = (
    ("Kundendienst", 34, 5210, "front", 0.91, 0.12, 0.31, 1.4, (402.0, 380.0, 431.0)),
    ("Vertrieb Süd", 28, 2105, "front", 0.74, 0.35, 0.18, 2.2, (310.5, 281.0, 344.0)),
    ("Empfang & Post", 6, 1890, "front", 0.66, 0.4, 0.09, 0.3, (12.4, 9.0, 15.8)),
    ("Vertrieb Nord", 25, 1740, "mixed", 0.48, 0.71, 0.11, 2.6, (244.0, 215.0, 270.0)),
    ("Tarife", 14, 1322, "mixed", 0.31, 1.1, 0.08, 5.9, (820.0, 690.0, 960.0)),
    ("Schadenprüfung", 31, 1208, "mixed", 0.28, 1.24, 0.07, 8.8, (2310.0, 2010.0, 2650.0)),
    ("Rechnungswesen", 17, 960, "back", 0.12, 1.62, 0.05, 6.1, (415.0, 350.0, 488.0)),
    ("IT-Service", 22, 901, "back", 0.08, 1.88, 0.04, 11.5, (690.0, 570.0, 815.0)),
    ("Recht", 9, 322, "back", 0.04, 2.3, 0.02, 30.2, (512.0, 390.0, 660.0)),
    (LONG, 7, 301, "back", 0.05, 2.35, 0.018, 21.0, (101.0, 71.0, 140.0)),
    ("Einkauf", 12, 188, "back", 0.0, 2.9, 0.01, 14.4, (66.0, 41.0, 97.0)),
)


def _unit(row: tuple) -> UnitRow:
    *rest, waiting = row
    return UnitRow(*rest, Estimate(*waiting))


UNITS = (
    *(_unit(row) for row in _UNITS),
    UnitRow("Vorstandsbüro", None, 24, None, None, None, None, None, None, held_back="below-k"),
)

# from, to, handovers, cases, people, waiting median, p90, hours per month, holding
_LINKS = (
    ("Kundendienst", "Schadenprüfung", 1480, 1102, 58, 19.5, 88.0, 1510.2, 1.4),
    ("Kundendienst", "Tarife", 890, 802, 44, 8.2, 41.0, 402.0, 1.2),
    ("Vertrieb Süd", "Tarife", 410, 371, 39, 26.0, 120.5, 388.0, 2.0),
    ("Schadenprüfung", "Recht", 240, 221, 37, 41.0, 190.0, 344.4, 8.8),
    ("Recht", "Schadenprüfung", 218, 201, 36, 30.0, 140.0, 260.0, 30.2),
    ("Schadenprüfung", "Kundendienst", 702, 655, 61, 2.2, 14.0, 88.0, 8.1),
    ("Kundendienst", "IT-Service", 512, 480, 52, 14.0, 77.0, 290.0, 1.4),
    ("IT-Service", "Kundendienst", 466, 431, 50, 1.8, 9.2, 33.0, 11.0),
    ("Empfang & Post", "Kundendienst", 1310, 1300, 38, 0.3, 1.1, 10.2, 0.2),
    ("Empfang & Post", "Vertrieb Nord", 288, 280, 29, 0.9, 6.0, 11.0, 0.3),
    ("Empfang & Post", "Vertrieb Süd", 251, 240, 31, 0.8, 5.1, 9.7, 0.3),
    ("Vertrieb Nord", "Tarife", 302, 288, 36, 9.0, 52.0, 140.0, 2.5),
    ("Vertrieb Nord", "Vertrieb Süd", 188, 160, 48, 6.1, 30.0, 61.0, 2.6),
    ("Vertrieb Süd", "Vertrieb Nord", 172, 149, 47, 5.8, 28.8, 55.0, 2.2),
    ("Tarife", "Vertrieb Süd", 390, 360, 40, 1.1, 7.7, 27.0, 5.9),
    ("Tarife", "Kundendienst", 610, 588, 45, 1.3, 8.0, 44.1, 5.5),
    ("Tarife", "Vertrieb Nord", 255, 240, 37, 1.2, 8.1, 19.0, 5.9),
    ("Rechnungswesen", "Kundendienst", 330, 321, 47, 3.0, 16.0, 52.0, 6.1),
    ("Kundendienst", "Rechnungswesen", 401, 390, 49, 7.7, 33.0, 170.0, 1.4),
    ("Vertrieb Süd", "Rechnungswesen", 160, 151, 41, 6.9, 31.0, 60.0, 2.4),
    ("Vertrieb Nord", "Rechnungswesen", 141, 138, 39, 7.2, 32.0, 55.0, 2.6),
    ("Rechnungswesen", "IT-Service", 77, 71, 33, 18.8, 92.0, 61.0, 6.0),
    ("IT-Service", "Rechnungswesen", 64, 60, 30, 5.2, 21.0, 12.0, 11.2),
    ("Schadenprüfung", LONG, 133, 128, 34, 12.0, 60.0, 61.0, 8.8),
    (LONG, "Schadenprüfung", 90, 88, 33, 6.6, 29.0, 22.0, 20.0),
    (LONG, "Recht", 71, 69, 15, 22.0, 101.0, 44.0, 21.0),
    ("Recht", LONG, 52, 50, 14, 17.0, 80.0, 29.0, 30.0),
    ("Kundendienst", LONG, 61, 60, 38, 9.9, 44.0, 22.0, 1.4),
    ("Einkauf", "Rechnungswesen", 96, 90, 26, 4.4, 20.0, 18.0, 14.4),
    ("Rechnungswesen", "Einkauf", 102, 97, 27, 11.0, 58.0, 40.0, 6.1),
    ("IT-Service", "Einkauf", 58, 55, 28, 14.2, 61.0, 26.0, 11.0),
    ("Einkauf", "IT-Service", 33, 32, 24, 9.1, 39.0, 9.0, 14.0),
    ("Vertrieb Süd", "Schadenprüfung", 120, 111, 50, 17.9, 80.1, 108.0, 2.2),
    ("Vertrieb Nord", "Schadenprüfung", 101, 98, 46, 18.3, 84.0, 96.0, 2.6),
    ("Schadenprüfung", "Rechnungswesen", 310, 302, 45, 8.0, 36.0, 130.0, 8.8),
    ("Rechnungswesen", "Schadenprüfung", 88, 81, 41, 21.0, 90.0, 80.0, 6.1),
    ("Schadenprüfung", "IT-Service", 46, 44, 35, 15.0, 70.0, 36.0, 8.7),
    ("Recht", "Kundendienst", 38, 38, 29, 2.4, 12.0, 5.0, 30.0),
    ("Recht", "Vertrieb Süd", 22, 22, 21, 2.9, 13.0, 3.0, 31.0),
)
LINKS = (
    *(LinkRow(*row) for row in _LINKS),
    LinkRow(
        "Vorstandsbüro", "Recht", None, None, None, None, None, None, None, held_back="below-k"
    ),
)

FINDINGS = (
    Finding(
        "bottleneck-1",
        "bottleneck",
        "unit",
        "Schadenprüfung",
        None,
        None,
        {},
        Estimate(1204.4, 940.0, 1502.0),
        1208,
        58,
        0.94,
        n_handovers=1689,
        evidence={
            "factor": 2.83,
            "waiting_hours_median": 19.2,
            "waiting_hours_mean": 31.7,
            "senders": 5,
            "busiest_day": "2025-08-11",
            "busiest_day_share": 0.04,
            "cannot_be_told_from_slow_link": False,
            "spread_between_units": 0.21,
            "case_ids": ["V-1001", "V-1007", "V-1012", "V-1044", "V-1051", "V-1090", "V-1101"],
        },
    ),
    Finding(
        "slow_link-1",
        "slow_link",
        "unit",
        None,
        "Vertrieb Süd",
        "Tarife",
        {"topic": "Tarifwechsel"},
        Estimate(301.7, 210.2, 402.9),
        371,
        39,
        0.86,
        n_handovers=410,
        evidence={"factor": 3.1, "waiting_hours_median": 26.0, "topics": ["Tarifwechsel"]},
    ),
    Finding(
        "misrouting-1",
        "misrouting",
        "unit",
        "Rechnungswesen",
        "Kundendienst",
        "IT-Service",
        {"topic": "Zugang"},
        Estimate(188.0, 120.0, 262.0),
        140,
        44,
        0.72,
        n_handovers=280,
        evidence={"share": 0.34, "n_via": 140, "n_direct": 272},
    ),
    Finding(
        "ping_pong-1",
        "ping_pong",
        "unit",
        None,
        "Recht",
        "Schadenprüfung",
        {},
        Estimate(160.5, 101.0, 233.0),
        61,
        36,
        0.91,
        n_handovers=244,
        evidence={"share": 0.276, "usual_share": 0.031, "cases_with_ping_pong": 61},
    ),
    Finding(
        "slow_link-2",
        "slow_link",
        "unit",
        None,
        "Rechnungswesen",
        "IT-Service",
        {},
        Estimate(41.0, 4.2, 96.0),
        71,
        33,
        0.44,
        n_handovers=77,
        evidence={"backlog_date": "2025-09-15", "busiest_day_share": 0.61},
    ),
    Finding(
        "misrouting-2",
        "misrouting",
        "unit",
        LONG,
        "Schadenprüfung",
        "Recht",
        {"topic": "Kulanz"},
        Estimate(38.8, 12.0, 70.0),
        69,
        15,
        0.4,
        n_handovers=138,
        evidence={"share": 0.6, "n_via": 69, "n_direct": 46},
    ),
    Finding(
        "bottleneck-2",
        "bottleneck",
        "unit",
        "Einkauf",
        "Rechnungswesen",
        None,
        {},
        Estimate(22.0, 3.0, 44.0),
        97,
        27,
        0.45,
        n_handovers=102,
        evidence={"cannot_be_told_from_slow_link": True, "factor": 2.0},
    ),
    Finding(
        "dead_end-1",
        "dead_end",
        "unit",
        "Vorstandsbüro",
        None,
        None,
        {"topic": "Beschwerde"},
        None,
        24,
        None,
        0.55,
        n_handovers=30,
        held_back="below-k",
        evidence={},
    ),
    Finding(
        "smooth_link-1",
        "smooth_link",
        "unit",
        None,
        "Empfang & Post",
        "Kundendienst",
        {},
        Estimate(96.0, 61.0, 130.0),
        1300,
        38,
        0.88,
        n_handovers=1310,
        evidence={"factor": 0.31, "waiting_hours_median": 0.3},
    ),
)

FIGURES = (
    Figure("cases", 8122, None, None, "count", 8122),
    Figure("open_cases", 311, None, None, "count", 311),
    Figure("events", 61544, None, None, "count", 8122),
    Figure("handovers_person", 15022, None, None, "count", 8122, 205),
    Figure("handovers_unit", 10964, None, None, "count", 8122, 205),
    Figure("handovers_unit_per_case", 1.35, 1.31, 1.39, "handovers_per_case", 8122),
    Figure("ping_pong_unit_bounces", 1904, None, None, "count", 8122),
    Figure("ping_pong_unit_cases", 1222, None, None, "count", 8122),
    Figure("ping_pong_unit_share", 0.1505, 0.1421, 0.159, "share", 8122),
    Figure("ping_pong_unit_strict_share", 0.031, 0.027, 0.035, "share", 8122),
    Figure("first_contact_resolution_share", 0.402, 0.391, 0.413, "share", 8122),
    Figure("right_first_time_share", 0.551, 0.54, 0.562, "share", 8122),
    Figure("first_line_share", None, None, None, "share", 0, why="no-lines"),
    Figure("time_to_right_contact_hours_median", 5.4, 5.1, 5.8, "hours", 8122),
    Figure("time_to_right_contact_hours_p90", 96.0, 90.0, 103.0, "hours", 8122),
    Figure("cycle_time_hours_median", 31.5, 30.1, 33.0, "hours", 7811),
    Figure("cycle_time_hours_p90", 240.0, 228.0, 255.0, "hours", 7811),
    Figure("waiting_hours_per_month", 5883.2, 5590.0, 6190.0, "hours_per_month", 7811),
    Figure("waiting_hours_per_month_in_findings", 1790.1, 1502.0, 2088.0, "hours_per_month", 2011),
    Figure("waiting_customer_hours_per_month", 902.0, 850.0, 960.0, "hours_per_month", 911),
    Figure("waiting_share", 0.71, 0.69, 0.73, "share", 7811),
    Figure(
        "waiting_hours_per_month_batching", None, None, None, "hours_per_month", 0, why="no-started"
    ),
    Figure("reopened_share", 0.021, 0.018, 0.024, "share", 8122),
)

COVERAGE = Coverage(
    8122,
    61544,
    0,
    205,
    12,
    0.012,
    0.034,
    False,
    (
        "3.4 % of the events name no unit; handovers across them are joined.",
        "No event says when work started: a wait contains the first piece of work.",
    ),
)


def situation() -> ReleasedSituation:
    """Twelve units, forty links and nine findings of every kind of this version."""
    return ReleasedSituation(
        "protected",
        5,
        "unit",
        PERIOD,
        COVERAGE,
        FIGURES,
        UNITS,
        LINKS,
        FINDINGS,
        ("A topic was read from the column 'Thema'.",),
        7,
    )


def without_clock() -> ReleasedSituation:
    """The same log with an order only: no hours, no prices, findings by handovers."""
    whole = situation()
    timeless = ("hours", "waiting")
    figures = tuple(
        replace(f, value=None, low=None, high=None, why="no-clock")
        if any(word in f.name for word in timeless)
        else f
        for f in whole.figures
    )
    units = tuple(
        replace(u, holding_hours_median=None, waiting_hours_per_month=None, why="no-clock")
        for u in whole.units
    )
    hours = ("waiting_hours_median", "waiting_hours_p90", "waiting_hours_per_month")
    links = tuple(
        replace(link, **dict.fromkeys((*hours, "holding_hours_median")), why="no-clock")
        for link in whole.links
    )
    findings = tuple(
        replace(f, price=None, why="no-clock", evidence={})
        for f in sorted(whole.findings, key=lambda f: -f.n_handovers)
        if f.kind in ("ping_pong", "misrouting")
    )
    period = Period(None, None, None, "the log has no clock")
    return replace(
        whole, period=period, figures=figures, units=units, links=links, findings=findings
    )


def nothing_found() -> ReleasedSituation:
    """A small open log in which nothing is found."""
    return replace(
        situation(),
        profile="open",
        k=1,
        coverage=replace(COVERAGE, missing=("no-topic",)),
        findings=(),
        links=LINKS[:6],
        units=UNITS[:6],
        notes=(),
    )


def empty() -> ReleasedSituation:
    """A log with one case and nothing to say about it."""
    coverage = Coverage(1, 1, 0, 0, 0, 1.0, 1.0, False, ("No event names a unit.",))
    period = Period(PERIOD.start_us, PERIOD.end_us, PERIOD.months, PERIOD.rule)
    figures = (Figure("cases", 1, None, None, "count", 1),)
    return ReleasedSituation("open", 1, "unit", period, coverage, figures, (), (), ())


def hostile() -> ReleasedSituation:
    """Names that would run, draw or compute if anything forgot to escape them."""
    whole = situation()
    bad = "<script>alert(1)</script>"
    swap = {"Kundendienst": bad, "Recht": "=1+1", "Tarife": 'a"b&c', "Einkauf": "{unit}\u202e%s"}

    def named(name: str | None) -> str | None:
        return swap.get(name, name) if name else name

    units = tuple(replace(u, unit=named(u.unit)) for u in whole.units)
    links = tuple(
        replace(x, from_unit=named(x.from_unit), to_unit=named(x.to_unit)) for x in whole.links
    )
    findings = tuple(
        replace(
            f,
            unit=named(f.unit),
            from_unit=named(f.from_unit),
            to_unit=named(f.to_unit),
            where={"topic": "<b>fett</b>"},
        )
        for f in whole.findings
    )
    return replace(whole, profile="open", k=1, units=units, links=links, findings=findings)


def many_units(n: int) -> ReleasedSituation:
    """A ring of many units, each with three links; higher numbers hand over more."""
    names = [f"Unit {i:02}" for i in range(n)]
    units = tuple(
        UnitRow(name, 9, 100 + i, "mixed", 0.2, i % 4 + 0.1, 0.01 + i / 100, 1.0, None)
        for i, name in enumerate(names)
    )
    links = tuple(
        LinkRow(names[i], names[(i + step) % n], 10 + 10 * i, 9, 9, 5.0, 9.0, 3.0, 1.0)
        for i in range(n)
        for step in (1, 2, 3)
    )
    return replace(situation(), units=units, links=links)


def mails_only() -> ReleasedSituation:
    """Mails without threads: links have waits, but nothing is known about cases."""
    whole = nothing_found()
    figures = tuple(
        replace(f, value=None, low=None, high=None, why="no-threads") for f in whole.figures
    )
    coverage = Coverage(0, 0, 58_463, 125, 33, None, None, False, ("no-threads",))
    return replace(whole, coverage=coverage, figures=figures)


def all_held_back() -> ReleasedSituation:
    """A protected log that names no people: nothing may leave."""
    whole = situation()
    reason = "people-unknown"
    return replace(
        whole,
        coverage=replace(whole.coverage, people=None, missing=("no-people",)),
        figures=tuple(
            Figure(f.name, None, None, None, f.unit_of_measure, 0, held_back=reason)
            for f in whole.figures
        ),
        units=tuple(
            UnitRow(u.unit, *[None] * 8, held_back=reason)  # type: ignore[arg-type]
            for u in whole.units
        ),
        links=tuple(
            LinkRow(x.from_unit, x.to_unit, *[None] * 7, held_back=reason) for x in whole.links
        ),
        findings=(),
        notes=("findings-held-back",),
    )
