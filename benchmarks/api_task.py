"""A protected workspace of public issues, ready to be served, and the questions to send it.

python -m benchmarks.api_task FOLDER
"""

import csv
import gzip
import json
import sys
from pathlib import Path

from benchmarks.measuring import ROOT
from leitweg.domain.imports import ImportOptions
from leitweg.studies.api_keys import create_api_key
from leitweg.studies.importing import import_files
from leitweg.studies.purposes import switch_purpose
from leitweg.studies.serving import check_serving

ISSUES = ROOT / "../shared/data/apache-issues/apache_issues.csv.gz"
QUESTIONS = 1_000
KINDS = ("text", "attributes", "noted")
"""Questions with text and attributes, with attributes alone, and with a case to be noted."""


def issues() -> list[dict[str, str]]:
    """Read the issues, oldest first, with the names that Leitweg knows."""
    csv.field_size_limit(10**8)
    with gzip.open(ISSUES, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["assignee"]]
    return sorted(rows, key=lambda row: row["created_at"])


def question(row: dict[str, str], kind: str) -> dict[str, object]:
    """Return what is asked about an issue."""
    attributes = {
        "topic": row["components"],
        "priority": row["priority"],
        "kind": row["issue_type"],
    }
    found: dict[str, object] = {"attributes": {n: v for n, v in attributes.items() if v}}
    if kind != "attributes":
        found["text"] = f"{row['summary']}\n{row['description']}"
    return found | ({"case_id": row["id"]} if kind == "noted" else {})


def prepare(folder: Path) -> dict[str, object]:
    """Import and learn all but the last issues; write questions about those."""
    rows = issues()
    for number, row in enumerate(rows):
        row["id"] = f"A-{number}"
    log = folder / "issues.csv"
    with log.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case_id", "at", "person", "unit", "topic", "priority", "kind", "text"])
        for row in rows[:-QUESTIONS]:
            who = row["id"], row["created_at"], row["assignee"], row["team"]
            what = row["components"], row["priority"], row["issue_type"]
            writer.writerow([*who, *what, f"{row['summary']}\n{row['description']}"])
    workspace = folder / "issues.leitweg"
    import_files(workspace, [log], ImportOptions(time_zone="UTC"))
    switch_purpose(workspace, "routing", on=True, by="benchmark", basis="public data")
    token = create_api_key(workspace, name="load", role="service-agent").token
    for kind in KINDS:
        lines = [json.dumps(question(row, kind)) for row in rows[-QUESTIONS:]]
        (folder / f"{kind}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    served = check_serving(workspace)
    return {"workspace": str(workspace), "token": token, "learnt": served.learnt}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(prepare(Path(sys.argv[1]))) + "\n")
