"""A thousand seeded names are in no file, report, export, log or message of a protected workspace.

They come in as accounts, customers, attributes, column headers, file names, units, topics and
rejected rows, and the whole way is walked: import, questions, report, exports, errors, backup.
"""

import csv
import json
import zipfile

import pytest
from seeded_names import ADDRESSES, COUNT, NAMES, hits, hits_in
from typer.testing import CliRunner

from leitweg.cli.main import app

KEEP = ("colour", "contact of the customer")


def write_csv(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def turned(name):
    first, last = name.split(" ")
    return f"{last}, {first}"


def log_rows():
    rows = []
    for number in range(3 * COUNT):
        who, other = number % COUNT, (number * 7 + 1) % COUNT
        # accounts as names, as addresses, as "Last, First", with a tag and a display name
        forms = (
            NAMES[who],
            ADDRESSES[who],
            turned(NAMES[who]),
            f'"{turned(NAMES[who])}" <{ADDRESSES[who]}>',
            ADDRESSES[who].replace("@", "+tickets@"),
        )
        unit = f"Team {NAMES[who % 6]}" if number % 9 == 0 else f"Unit {number % 5}"
        topic = f"Question of {turned(NAMES[other])}" if number % 11 == 0 else f"Topic {number % 3}"
        day, hour = 1 + number % 27, number % 24
        at = f"2026-0{1 + number % 5}-{day:02d}T{hour:02d}:00:00Z"
        if number % 50 == 0:
            at = f"asked {NAMES[other]}"
        rows.append(
            (
                f"Case of {NAMES[other]} {number // 3}",
                at,
                forms[number % len(forms)],
                unit,
                topic,
                f"Customer {ADDRESSES[other]}" if number % 2 else NAMES[other],
                ("red", NAMES[who], f"see {ADDRESSES[who]}")[number % 3],
                ADDRESSES[other],
                f"{NAMES[who]} said so",
            )
        )
    return rows


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Files of a company in which seeded names stand wherever they can."""
    home = tmp_path_factory.mktemp("sources")
    log = write_csv(
        home / f"log of {NAMES[3]}.csv",
        (
            *("case_id", "at", "person", "unit", "topic", "customer"),
            *(KEEP[0], KEEP[1], NAMES[1]),
        ),
        log_rows(),
    )
    people = write_csv(
        home / "people.csv",
        ("person", "unit", "manager", "site", ADDRESSES[9]),
        [
            (a, f"Unit {n % 5}", ADDRESSES[n % 6], f"Desk of {NAMES[n]}", n)
            for n, a in enumerate(ADDRESSES)
        ],
    )
    mails = write_csv(
        home / "mails.csv",
        ("message", "thread", "at", "sender", "receiver"),
        [
            (
                f"<{n}.{ADDRESSES[n]}>",
                f"<{n // 4}.{ADDRESSES[n // 4]}>",
                f"2026-02-{1 + n % 27:02d}T10:00:00Z" if n % 40 else f"never, {NAMES[n]}",
                ADDRESSES[n],
                f"{NAMES[n - 1]} <{ADDRESSES[n - 1]}>",
            )
            for n in range(COUNT)
        ],
    )
    absences = write_csv(
        home / "absences.csv",
        ("person", "from", "to"),
        [(NAMES[n], "2026-03-01T00:00:00Z", "2026-03-05T00:00:00Z") for n in range(0, COUNT, 5)],
    )
    skills = write_csv(
        home / "qualifications.csv",
        ("person", "skill", "level"),
        [(NAMES[n], f"trained by {NAMES[n - 1]}", 2) for n in range(0, COUNT, 5)],
    )
    ties = write_csv(
        home / f"advice {NAMES[4]}.csv",
        ("from", "to", "relation"),
        [(ADDRESSES[n], ADDRESSES[n - 1], "advice") for n in range(COUNT)],
    )
    packed = home / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(people, f"staff/{NAMES[5]}/people.csv")
    kinds = {
        "people": packed,
        "events": log,
        "messages": mails,
        "absences": absences,
        "qualifications": skills,
        "ties": ties,
    }
    return {"home": home, **kinds}


class Walk:
    """Runs commands and keeps what they said, less the paths that were typed."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.said = {}

    def run(self, *words, code=0):
        typed = [str(word) for word in words]
        result = CliRunner().invoke(app, [*typed, "--workspace", str(self.workspace)])
        # the names in paths are the caller's own words, not the company's data
        text = result.output
        for word in sorted(typed, key=len, reverse=True):
            for part in (word, word.rsplit("/", 1)[-1]):
                text = text.replace(part, "")
        told = " ".join(w.rsplit("/", 1)[-1] for w in typed[:4])
        self.said[f"{len(self.said)} {told}"] = text
        assert code is None or result.exit_code == code, (typed, result.output)
        return result.output


@pytest.fixture(scope="module")
def walk(sources, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    walk = Walk(tmp_path_factory.mktemp("place") / "w")
    walk.out = out
    keep = [word for name in KEEP for word in ("--keep", name)]
    for kind, path in sources.items():
        if kind == "home":
            continue
        walk.run("import", path, "--kind", kind, *keep, "--dry-run", "--json")
        walk.run("import", path, "--kind", kind, *keep, "--json")
    walk.run("purpose", "on", "path-analysis", "--by", "D. Ecider", "--basis", "Art. 6(1)(f) GDPR")
    return walk


def test_the_search_finds_a_seed_wherever_it_is_written(sources):
    assert len(hits_in([sources["home"]])) >= 7
    assert len(hits(sources["events"].read_text(encoding="utf-8"))) > COUNT


def test_no_import_says_a_seed(walk):
    assert {told: hits(text)[:5] for told, text in walk.said.items() if hits(text)} == {}


def test_no_file_of_the_workspace_and_of_its_keys_holds_a_seed(walk):
    place = walk.workspace
    assert hits_in([place, place.with_name("w.keys")]) == {}


def test_the_rows_are_there_all_the_same(walk):
    document = json.loads(walk.run("situation", "--json"))
    # sixty of three thousand rows were rejected for their times, all rows of twenty people
    assert document["coverage"]["events"] == 2940
    assert document["coverage"]["people"] == 980


def test_no_answer_report_or_export_holds_a_seed(walk):
    before = len(walk.said)
    walk.run("situation")
    walk.run("report", "--out", walk.out / "report.html")
    walk.run("compare", "--at", "2026-03-01", "--json")
    for what in ("findings", "figures", "links", "units", "loads", "network"):
        for kind in ("csv", "json", "xlsx", "parquet"):
            file = walk.out / f"{what}.{kind}"
            walk.run("export", "--what", what, "--format", kind, "--out", file)
    walk.run("export", "--what", "units", "--out", walk.out / "table.csv")
    walk.run("audit", "list", "--json")
    said = list(walk.said.items())[before:]
    assert {told: hits(text)[:5] for told, text in said if hits(text)} == {}
    assert hits_in([walk.out, walk.workspace]) == {}


def bad_files(home):
    columns = ("case_id", "at", "person", "unit")
    named = [(n, f"2026-01-01T10:{n % 60:02d}:00Z", NAMES[n], "Unit") for n in range(60)]
    return {
        "no zone": (columns, [(n, "2026-01-01 10:00", NAMES[n], "U") for n in range(60)]),
        "no times": (columns, [(n, NAMES[n], NAMES[n], "U") for n in range(60)]),
        "mixed": (
            columns,
            [
                (n, ("2026-01-01T10:00", "2026-01-01T10:00Z")[n % 2], ADDRESSES[n], "U")
                for n in range(60)
            ],
        ),
        "no case": ((NAMES[2], ADDRESSES[3], "person", "unit"), named),
        "twice": (("case_id", "at", "person", ADDRESSES[2]), named),
        "ragged": (columns, [(*row, NAMES[7], NAMES[8]) for row in named]),
    }


def test_no_error_message_holds_a_seed(walk, sources):
    before = len(walk.said)
    home = sources["home"]
    for name, (header, rows) in bad_files(home).items():
        path = write_csv(home / f"bad {name}.csv", header, rows)
        for words in (["--kind", "events"], [], ["--map", "at=when"]):
            for more in ([], ["--json"]):
                walk.run("import", path, *words, *more, code=None)
    broken = home / "broken.xes"
    broken.write_text(f"<log><trace><string key='{NAMES[1]}' value='{NAMES[2]}'", encoding="utf-8")
    walk.run("import", broken, code=1)
    (home / "broken.json").write_text(f'{{"{NAMES[3]}": ["{ADDRESSES[1]}"', encoding="utf-8")
    walk.run("import", home / "broken.json", code=1)
    mail = home / "broken.mbox"
    mail.write_text(f"From x\nFrom: {NAMES[1]} <{ADDRESSES[1]}>\nDate: {NAMES[2]}\n\n", "utf-8")
    walk.run("import", mail, code=1)
    walk.run("export", "--what", "events", "--out", walk.out / "no.csv", code=1)
    said = list(walk.said.items())[before:]
    assert {told: (hits(text)[:5], text) for told, text in said if hits(text)} == {}


def test_after_a_new_key_there_is_still_no_seed(walk):
    walk.run("rekey")
    walk.run("backup", "--out", walk.out / "w.zip")
    assert hits_in([walk.workspace, walk.out]) == {}
