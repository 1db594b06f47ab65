"""A small company whose right contacts are planted: one unit for each topic."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from leitweg.domain.imports import ImportOptions
from leitweg.studies.importing import import_files
from purposes import allow

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
UNIT_OF = {"Bill": "Sales", "Meter": "Claims", "Legal": "Board", "Odd": "Sales"}
PEOPLE = {"Desk": 6, "Sales": 8, "Claims": 7, "Board": 2}
WORDS = {
    "Bill": "the invoice of this month is too high",
    "Meter": "my meter cannot be read from the street",
    "Legal": "our lawyer asks about the contract terms",
    "Odd": "please stamp the green card",
}
TOPICS = [*WORDS][:3] * 4 + ["Odd"]
N_CASES = 390


def person_of(unit: str, case: int, topic: str = "") -> str:
    """The one who resolves a case: topic Odd is that of one person alone."""
    number = 0 if topic == "Odd" else case // 3 % PEOPLE[unit]
    return f"{unit.lower()}{number}@x.example"


def rows(
    n_cases: int = N_CASES, *, units: bool = True, persons: bool = True, texts: bool = False
) -> list[str]:
    """One line per event: every case begins at the desk and ends where its topic belongs."""
    found = []
    for case in range(n_cases):
        topic = TOPICS[case % len(TOPICS)]
        # one bill in ten is resolved by Claims
        unit = "Claims" if topic == "Bill" and case % 10 == 0 else UNIT_OF[topic]
        opened = START + timedelta(hours=2 * case)
        steps = (("Desk", 0), (unit, 5))
        for holder, hours in steps:
            who = person_of(holder, case, topic if holder != "Desk" else "")
            at = (opened + timedelta(hours=hours)).isoformat()
            found.append(
                ",".join(
                    [
                        f"V-{case}",
                        at,
                        who if persons else "",
                        holder if units else "",
                        topic,
                        f"C{case % 37}",
                        WORDS[topic] if texts else "",
                    ]
                )
            )
    return found


def imported(home: Path, profile: str = "protected", **how: object) -> Path:
    """Import the planted log into a new workspace."""
    home.mkdir(exist_ok=True)
    header = "case_id,at,person,unit,topic,customer,text"
    path = home / "log.csv"
    path.write_text("\n".join([header, *rows(**how)]), encoding="utf-8")
    workspace = home / "w"
    import_files(workspace, [path], ImportOptions(), profile=profile)
    return allow(workspace, "routing", "path-analysis")


def roster(home: Path, *lines: str) -> Path:
    """Write a roster."""
    path = home / "roster.csv"
    path.write_text("\n".join(["contact,unit,capacity,load,absent_from,absent_to", *lines]))
    return path
