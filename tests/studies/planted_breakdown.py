"""A company made by hand for breakdowns: who sits where, and what everybody did on which day."""

import csv
from datetime import UTC, datetime, timedelta

from leitweg.domain.imports import ImportOptions
from leitweg.studies.importing import import_files
from purposes import allow

START = datetime(2025, 1, 6, 8, tzinfo=UTC)
FULL, PART = 39, 20


def staff(*groups):
    """People from (number, unit, site, position, hours a week)."""
    found = []
    for number, unit, site, position, hours in groups:
        for _ in range(number):
            name = f"person{len(found):03d}"
            found.append(
                {
                    "person": name,
                    "unit": unit,
                    "site": site,
                    "position": position,
                    "hours_per_week": hours,
                }
            )
    return found


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def events_of(people, topics=("Bill", "Move"), *, amount=lambda i, topic: 3 + i % 3):
    """Each person closes `amount` cases of one event per topic, one case a day."""
    rows = []
    for i, person in enumerate(people):
        for topic in topics:
            for day in range(amount(i, topic)):
                at = START + timedelta(days=day, minutes=i)
                rows.append(
                    {
                        "case_id": f"{person['person']}-{topic}-{day}",
                        "at": at.isoformat(),
                        "person": person["person"],
                        "unit": person["unit"],
                        "topic": topic,
                    }
                )
    return rows


def imported(folder, people, events, profile="protected"):
    folder.mkdir(parents=True, exist_ok=True)
    files = [write(folder / "people.csv", people), write(folder / "events.csv", events)]
    import_files(folder / "w", files, ImportOptions(), profile=profile)
    return allow(folder / "w")


def named(released):
    """Values by the names of their groups; None where held back."""
    rows = [group.label or group.kind for group in released.rows]
    columns = [group.label or group.kind for group in released.columns]
    found = {(row,): cell for row, cell in zip(rows, released.row_totals, strict=True)}
    for row, cells in zip(rows, released.cells, strict=False):
        found |= {(row, column): cell for column, cell in zip(columns, cells, strict=True)}
    found |= {
        ("*", column): cell for column, cell in zip(columns, released.column_totals, strict=True)
    }
    found["*",] = released.total
    return {names: cell.value for names, cell in found.items()}
