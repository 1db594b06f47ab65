"""The public logs of the routing benchmark as histories, each with its split."""

import gzip
import io
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.csv

from leitweg.domain.imports import ImportOptions
from leitweg.domain.routing import Coded, History, Ragged
from leitweg.domain.tables import TABLES
from leitweg.engine.event_log import load_event_log
from leitweg.engine.request_rows import load_requests
from leitweg.privacy.text_features import features_under
from leitweg.routing.history import history_of, some_of
from leitweg.store import open_workspace
from leitweg.studies.importing import import_files

DATA = Path(__file__).parents[1] / "../shared/data"


@dataclass(frozen=True)
class Split:
    """A history of which the first ``n_train`` cases train and the others are judged, in order."""

    history: History
    n_train: int


def csv_columns(name: str) -> dict[str, list[str]]:
    """Read a gzipped CSV file as columns of texts."""
    with gzip.open(DATA / name) as file:
        text = io.BytesIO(file.read())
    options = pa.csv.ParseOptions(newlines_in_values=True)
    header = text.readline().decode().strip().split(",")
    text.seek(0)
    types = pa.csv.ConvertOptions(column_types={c: pa.string() for c in header})
    table = pa.csv.read_csv(text, parse_options=options, convert_options=types)
    return {c: [v or "" for v in table[c].to_pylist()] for c in table.column_names}


def coded(values: list[str]) -> Coded:
    """Number texts; empty ones are not known."""
    labels = sorted({value for value in values if value})
    place = {label: code for code, label in enumerate(labels)}
    codes = np.array([place.get(value, -1) for value in values], np.int32)
    return Coded(codes, tuple(labels))


def plain_history(
    cases: list[str],
    *,
    person: Coded,
    unit: Coded | None = None,
    attributes: dict[str, Coded] | None = None,
    text: Ragged | None = None,
    person_path: Ragged | None = None,
) -> History:
    """Build a history of cases that stand in order and have no clock; one holder each, or paths."""
    n = len(cases)
    unit = unit or Coded(np.full(n, -1, np.int32), ())
    order = np.arange(n, dtype=np.int64)
    unit_of = np.full(len(person.labels), -1, np.int32)
    both = (person.codes >= 0) & (unit.codes >= 0)
    unit_of[person.codes[both]] = unit.codes[both]
    return History(
        case_ids=tuple(cases),
        opened=order,
        closed=order,
        attributes=attributes or {},
        text=text,
        unit=unit,
        person=person,
        unit_path=_alone(unit.codes),
        person_path=person_path or _alone(person.codes),
        person_unit=unit_of,
        has_clock=False,
    )


def _alone(codes: np.ndarray) -> Ragged:
    offsets = np.concatenate([[0], np.cumsum(codes >= 0)]).astype(np.int64)
    return Ragged(offsets, codes[codes >= 0].astype(np.int32))


def eclipse() -> Split:
    """Bugs to persons; ids stand in order of time, a path begins with the first contact."""
    found = csv_columns("eclipse-bugs/eclipse_bugs.csv.gz")
    order = np.argsort([int(i) for i in found["id"]], kind="stable")
    rows = {name: [values[i] for i in order] for name, values in found.items()}
    paths = [path.split(" > ") for path in rows["tossing_path"]]
    names = coded([name for path in paths for name in path] + rows["fixer"])
    place = {label: code for code, label in enumerate(names.labels)}
    offsets = np.concatenate([[0], np.cumsum([len(p) for p in paths])]).astype(np.int64)
    history = plain_history(
        rows["id"],
        person=Coded(np.array([place[f] for f in rows["fixer"]], np.int32), names.labels),
        attributes={name: coded(rows[name]) for name in ("product", "component")},
        person_path=Ragged(offsets, names.codes[: offsets[-1]]),
    )
    return Split(history, int(0.8 * history.n_cases))


def volvo(*, by_last_event: bool = False) -> Split:
    """Incidents to teams, imported as a user would; the first 5,665 train.

    The published figures count an incident that was never resolved as ended with its last event;
    a router does not learn from it. With ``by_last_event`` an incident is known with its last
    event only, as in those figures, though the log tells its right contact when it is resolved.
    """
    with TemporaryDirectory() as name:
        folder = Path(name) / "volvo"
        xes = DATA / "volvo-incidents/bpic2013_incidents.xes.gz"
        import_files(folder, [xes], ImportOptions(), profile="open")
        place = open_workspace(folder)
        files = {table: place.files(table) for table in TABLES}
        log = load_event_log(files)
        rows = load_requests(files, log.case_ids, with_text=False)
    last = log.at_us[log.offsets[1:] - 1]
    history = history_of(replace(log, closed_us=last), rows)
    if by_last_event:
        of_case = dict(zip(log.case_ids.to_pylist(), last.tolist(), strict=True))
        history = replace(history, closed=np.array([of_case[c] for c in history.case_ids]))
    return Split(history, int(0.75 * history.n_cases))


def apache(*, text_only: bool) -> Split:
    """Issues to persons; the earlier 80 % of each project train, the later 20 % are judged.

    The projects lived at different times: each keeps its own order, and what came after the same
    share of its issues stands side by side.
    """
    found = csv_columns("apache-issues/apache_issues.csv.gz")
    by_time = np.lexsort(([int(i) for i in found["issue"]], found["created_at"]))
    share = np.empty(by_time.size)
    teams = np.array(found["team"])[by_time]
    for team in np.unique(teams):
        mine = np.flatnonzero(teams == team)
        # from int(0.8 n) on a share is judged
        share[mine] = (np.arange(mine.size) - int(0.8 * mine.size)) / mine.size
    order = by_time[np.argsort(share, kind="stable")]
    rows = {name: [values[i] for i in order] for name, values in found.items()}
    texts = [f"{a}\n{b}" for a, b in zip(rows["summary"], rows["description"], strict=True)]
    known = ("team", "components", "issue_type", "priority")
    history = plain_history(
        rows["issue"],
        person=coded(rows["assignee"]),
        unit=coded(rows["team"]),
        attributes={} if text_only else {name: coded(rows[name]) for name in known},
        text=features_under(None).of_many(texts),
    )
    return Split(history, int((share < 0).sum()))


def it_tickets(seed: int = 0) -> Split:
    """Tickets to departments, a random split: they have no dates."""
    found = csv_columns("it-tickets/all_tickets_processed_improved_v3.csv.gz")
    unit = coded(found["Topic_group"])
    cases = [str(i) for i in range(unit.codes.size)]
    nobody = Coded(np.full(unit.codes.size, -1, np.int32), ())
    text = features_under(None).of_many(found["Document"])
    history = plain_history(cases, person=nobody, unit=unit, text=text)
    order = np.random.default_rng(seed).permutation(unit.codes.size)
    return _reordered(history, order, int(0.8 * order.size))


def _reordered(history: History, order: np.ndarray, n_train: int) -> Split:
    n = np.arange(order.size, dtype=np.int64)
    return Split(replace(some_of(history, order), opened=n, closed=n), n_train)


def rows_of_split(history: History, rows: np.ndarray) -> History:
    """Return some cases as a history of its own, its order that of ``rows``."""
    return _reordered(history, rows, 0).history
