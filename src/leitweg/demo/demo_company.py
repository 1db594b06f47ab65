"""Fördewerk, the demo company: a utility with customers at the end of every line.

Invented: twelve units at three sites, some 240 people, ten topics, a year of requests. Its
planted faults are of the kinds that such companies know: contracts that lie between two
departments, a fault report that goes back and forth between grid and field, bills that are
mistaken for a matter of the meter, complaints that nobody decides, one department where everything
takes long, one link that simply works, a pile that was worked off on one day, solar customers for
whom nobody has a direct way, meter readings that the commercial departments pass round among
themselves, too few engineers for broadband faults, and grid connections that two people can plan.
"""

from dataclasses import replace

from leitweg.demo.company import CompanyPlan, generate
from leitweg.demo.faults import cases_at
from leitweg.demo.plan import Fault, QueueUnit, TopicPath
from leitweg.demo.truth import true_price

COMPANY = "Fördewerk"
DOMAIN = "foerdewerk.example"
SITES = ("Kiel", "Flensburg", "Leeds")

SERVICE, ONLINE, BUSINESS, BILLING, METERING, GRID = range(6)
CONTRACTS, FIELD, RECEIVABLES, BROADBAND, LEGAL, FEED_IN = range(6, 12)
UNIT_NAMES = {
    "de": (
        "Kundenservice",
        "Online-Service",
        "Geschäftskunden",
        "Abrechnung",
        "Zählerwesen",
        "Netzbetrieb",
        "Vertragsmanagement",
        "Technischer Außendienst",
        "Forderungsmanagement",
        "Breitbandtechnik",
        "Leitung und Recht",
        "Einspeisung und Ladetechnik",
    ),
    "en": (
        "Customer Service",
        "Online Service",
        "Business Customers",
        "Billing",
        "Metering",
        "Grid Operations",
        "Contracts",
        "Field Service",
        "Receivables",
        "Broadband Engineering",
        "Management and Legal",
        "Feed-in and Charging",
    ),
}
PEOPLE = (38, 19, 15, 29, 23, 31, 17, 25, 9, 8, 7, 7)  # without the heads (demo/staff.py)
BILL, READING, MOVING, POWER, INTERNET, CONNECTION, SOLAR, TARIFF, REMINDER, COMPLAINT = range(10)
TOPIC_NAMES = {
    "de": (
        "Rechnung unklar",
        "Zählerstand",
        "Umzug",
        "Störung Strom",
        "Störung Internet",
        "Netzanschluss",
        "Solareinspeisung",
        "Vertrag und Tarif",
        "Mahnung und Raten",
        "Beschwerde",
    ),
    "en": (
        "Bill query",
        "Meter reading",
        "Moving home",
        "Power fault",
        "Internet fault",
        "Grid connection",
        "Solar feed-in",
        "Contract and tariff",
        "Reminder and instalments",
        "Complaint",
    ),
}


def _way(
    weight: float, entries: dict[int, float], middle: tuple[int, ...], homes: dict[int, float]
) -> TopicPath:
    return TopicPath(
        weight,
        tuple(entries),
        tuple(entries.values()),
        middle,
        tuple(homes),
        tuple(homes.values()),
    )


TOPICS = (
    _way(1.6, {SERVICE: 0.6, ONLINE: 0.4}, (), {BILLING: 0.85, RECEIVABLES: 0.15}),
    _way(1.3, {ONLINE: 0.6, SERVICE: 0.4}, (BILLING,), {METERING: 0.9, FIELD: 0.1}),
    _way(1.2, {SERVICE: 0.55, ONLINE: 0.45}, (CONTRACTS,), {BILLING: 0.7, METERING: 0.3}),
    _way(1.0, {SERVICE: 0.8, BUSINESS: 0.2}, (GRID,), {FIELD: 0.8, METERING: 0.2}),
    _way(1.0, {SERVICE: 0.6, ONLINE: 0.4}, (FIELD,), {BROADBAND: 0.7, GRID: 0.3}),
    _way(0.9, {BUSINESS: 0.6, SERVICE: 0.4}, (CONTRACTS, GRID), {FIELD: 0.7, FEED_IN: 0.3}),
    _way(0.8, {ONLINE: 0.5, BUSINESS: 0.5}, (), {FEED_IN: 0.75, BILLING: 0.25}),
    _way(1.1, {SERVICE: 0.5, BUSINESS: 0.5}, (), {CONTRACTS: 0.85, LEGAL: 0.15}),
    _way(0.9, {SERVICE: 0.6, ONLINE: 0.4}, (BILLING,), {RECEIVABLES: 0.75, LEGAL: 0.25}),
    _way(1.0, {SERVICE: 0.5, ONLINE: 0.5}, (CONTRACTS,), {LEGAL: 0.7, BILLING: 0.3}),
)
SPECIALISTS = 2  # of the people of Grid Operations who can plan a connection
FAULTS = (
    Fault("bottleneck", FEED_IN, factor=3.0),
    Fault("slow_link", from_unit=CONTRACTS, to_unit=BILLING, factor=4.0),
    Fault("ping_pong", from_unit=GRID, to_unit=FIELD, topics=(POWER,), share=0.45, rounds=2),
    Fault("misrouting", METERING, SERVICE, topics=(BILL,), share=0.4, part=0.3),
    Fault("dead_end", LEGAL, topics=(COMPLAINT,), share=0.42, hours=80.0),
    Fault("smooth_link", from_unit=BUSINESS, to_unit=CONTRACTS, factor=0.25),
    Fault("backlog", from_unit=CONTRACTS, to_unit=METERING, share=0.9, from_day=149, clear_day=224),
    Fault("gap", -1, BUSINESS, FEED_IN, (SOLAR,), (GRID, METERING), share=0.97),
    Fault("overload", BROADBAND, people=5),
    Fault("silo", topics=(READING,), units=(BILLING, CONTRACTS, RECEIVABLES), share=0.5, rounds=1),
    Fault("key_position", GRID, topics=(CONNECTION,), people=SPECIALISTS, share=0.12),
)


def demo_plan(seed: int = 1) -> CompanyPlan:
    """Return the plan of the demo company: the same layout and faults for every seed."""
    return CompanyPlan(
        seed=seed,
        n_cases=12_000,
        start_us=1_735_689_600_000_000,  # 2025-01-01, on the company's clock
        people=PEOPLE,
        wait_hours=1.5,
        unit_log_sd=0.15,
        link_log_sd=0.1,
        wrong_topic_share=0.05,
        stray_share=0.05,
        bounce_share=0.05,
        first_contact_share=0.25,
        office_hours=True,
        # a broadband fault takes two days of work, and five of the eight people are there for it
        unit_work=((BROADBAND, 18.0),),
        wave_share=0.35,
        urgent_share=0.3,
        absences=True,
        # reminders are worked off in batches
        queue_units=(QueueUnit(RECEIVABLES, batch=3, ordinary=0.0),),
        topics=TOPICS,
        faults=FAULTS,
    )


def demo_truth(seed: int = 1) -> list[tuple[Fault, float]]:
    """Return the planted faults and what each costs in customer waiting hours per month."""
    plan = demo_plan(seed)
    return [(fault, true_price(plan, fault)) for fault in plan.faults]


def demo_cases_at(seed: int = 1) -> list[tuple[Fault, int]]:
    """Return the planted faults and on how many cases of the year each acted."""
    log = generate(demo_plan(seed))
    return [(fault, cases_at(log, fault)) for fault in log.plan.faults]


def faultless_plan(seed: int = 1) -> CompanyPlan:
    """Return the demo company without any fault, with the same random numbers.

    What lies in batches stays: it is how the company works, and no fault.
    """
    return replace(demo_plan(seed), faults=())
