"""Small histories with a planted truth about who resolves what."""

import numpy as np

from leitweg.domain.routing import Coded, History, Ragged

UNITS = ("Front", "Claims", "Bills", "Law")
HOUR_US = 3_600_000_000


def ragged(rows):
    """Return rows of numbers as a ragged column."""
    offsets = np.cumsum([0, *(len(r) for r in rows)]).astype(np.int64)
    values = np.array([v for row in rows for v in row], np.int32)
    return Ragged(offsets, values)


def coded(values):
    """Return texts as codes; None is missing."""
    labels = tuple(dict.fromkeys(v for v in values if v is not None))
    place = {label: code for code, label in enumerate(labels)}
    return Coded(np.array([place.get(v, -1) for v in values], np.int32), labels)


def history(rows, *, text=None, hours_open=1):
    """Return a history of rows (topic, country, path of units), one an hour.

    Each case is open for ``hours_open`` hours; the last of the path is the right contact. Persons
    are ``unit-1`` to ``unit-3``, by the hour.
    """
    n = len(rows)
    units = tuple(dict.fromkeys([*UNITS, *(u for _, _, path in rows for u in path)]))
    place = {u: i for i, u in enumerate(units)}
    opened = np.arange(n, dtype=np.int64) * HOUR_US + HOUR_US
    people = tuple(f"{u}-{k}" for u in units for k in (1, 2, 3))
    person = [place[path[-1]] * 3 + i % 3 for i, (_, _, path) in enumerate(rows)]
    return History(
        case_ids=tuple(f"case{i}" for i in range(n)),
        opened=opened,
        closed=opened + hours_open * HOUR_US,
        attributes={
            "topic": coded([r[0] for r in rows]),
            "country": coded([r[1] for r in rows]),
        },
        text=None if text is None else ragged(text),
        unit=Coded(np.array([place[r[2][-1]] for r in rows], np.int32), units),
        person=Coded(np.array(person, np.int32), people),
        unit_path=ragged([[place[u] for u in r[2]] for r in rows]),
        person_path=ragged([[p] for p in person]),
        person_unit=np.repeat(np.arange(len(units)), 3).astype(np.int32),
        has_clock=True,
    )


def planted(n, seed=0):
    """Return rows: topic and country say the unit in nine of ten cases; the rest goes anywhere.

    A fifth goes to Front first, which hands it on to the right unit.
    """
    rng = np.random.default_rng(seed)
    right = {
        ("bill", "de"): "Bills",
        ("bill", "at"): "Law",
        ("damage", "de"): "Claims",
        ("damage", "at"): "Claims",
    }
    rows = []
    for _ in range(n):
        topic, country = rng.choice(["bill", "damage"]), rng.choice(["de", "at"])
        unit = right[topic, country] if rng.random() < 0.9 else str(rng.choice(UNITS[1:]))
        path = ("Front", unit) if rng.random() < 0.2 else (unit,)
        rows.append((str(topic), str(country), path))
    return rows
