"""The public incident log as tables: canonical ones, and one as PM4Py names its columns."""

import gzip
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

from leitweg.domain.tables import EVENTS

Row = dict[str, object]


def read_incidents(xes: Path) -> Iterator[Row]:
    """Yield the events of a gzipped XES file in their order."""
    with gzip.open(xes) as file:
        for _, trace in etree.iterparse(file, tag="{*}trace", resolve_entities=False):
            case = _attributes(trace)["concept:name"]
            for seq, event in enumerate(trace.iterfind("{*}event")):
                found = _attributes(event)
                at = datetime.fromisoformat(found["time:timestamp"])
                yield {
                    "case_id": case,
                    "at_us": round(at.timestamp() * 1_000_000),
                    "person": found["org:resource"],
                    "unit": found["org:group"],
                    "activity": found["concept:name"],
                    "seq": seq,
                }
            trace.clear()


def write_incident_tables(xes: Path, directory: Path) -> dict[str, Path]:
    """Write ``events`` (canonical) and ``pm4py`` (its column names) to Parquet."""
    events = pa.Table.from_pylist(list(read_incidents(xes)), schema=EVENTS.schema)
    named = events.select(["case_id", "at_us", "person", "activity"]).rename_columns(
        ["case:concept:name", "time:timestamp", "org:resource", "concept:name"]
    )
    paths = {"events": directory / "events.parquet", "pm4py": directory / "pm4py.parquet"}
    pq.write_table(events, paths["events"])
    pq.write_table(named, paths["pm4py"])
    return paths


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(child.get("key")): str(child.get("value")) for child in element if child.get("key")}
