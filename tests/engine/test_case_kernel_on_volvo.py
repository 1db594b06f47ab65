"""Facts of a public incident log, computed twice by others: they must come out exactly."""

import gzip
import html
import re
from datetime import datetime
from pathlib import Path

import pytest

from leitweg.domain.states import state_of
from leitweg.engine.case_kernel import walk_cases
from leitweg.engine.event_log import load_event_log

XES = Path(__file__).parents[2] / "../shared/data/volvo-incidents/bpic2013_incidents.xes.gz"
ATTRIBUTE = re.compile(r'<(?:string|date|int|float|boolean) key="([^"]+)" value="([^"]*)"')
STATE = {"Queued": "queued", "Accepted": "working", "Completed": "resolved"}


def read_cases(text):
    for trace in text.split("<trace>")[1:]:
        head, *events = trace.split("<event>")
        rows = [dict(ATTRIBUTE.findall(event.split("</event>")[0])) for event in events]
        yield dict(ATTRIBUTE.findall(head))["concept:name"], rows


def canonical_rows(text):
    for case, events in read_cases(text):
        for seq, event in enumerate(events):
            at = datetime.fromisoformat(event["time:timestamp"])
            state = STATE.get(event["concept:name"], "unknown")
            yield {
                "case_id": case,
                "at_us": int(at.timestamp() * 1_000_000),
                "person": html.unescape(event["org:resource"]),
                "unit": html.unescape(event["org:group"]),
                "state": int(state_of(state)),
                "seq": seq,
            }


@pytest.fixture
def log(write_table):
    if not XES.exists():
        pytest.skip("the public logs are not beside the repository (../shared/data)")
    text = gzip.decompress(XES.read_bytes()).decode("utf-8")
    return load_event_log({"events": [write_table("events", list(canonical_rows(text)))]})


def test_facts_of_the_incident_log(log):
    assert (log.n_cases, log.n_events, log.n_tied_events) == (7554, 65533, 0)
    assert (len(log.units), len(log.persons)) == (649, 1440)
    units, names = walk_cases(log, "unit"), walk_cases(log, "person")
    assert facts(units) == {
        "handovers": 9454,
        "bounces": 2394,
        "bounce cases": 1177,
        "strict cases": 402,
        "one holder": 3734,
        "first is last": 4407,
    }
    assert facts(names) == {
        "handovers": 20649,
        "bounces": 1783,
        "bounce cases": 1186,
        "strict cases": 219,
        "one holder": 1952,
        "first is last": 2550,
    }


def facts(walk):
    return {
        "handovers": walk.n_handovers.sum(),
        "bounces": walk.n_bounces.sum(),
        "bounce cases": (walk.n_bounces > 0).sum(),
        "strict cases": walk.strict.sum(),
        "one holder": (walk.n_distinct == 1).sum(),
        "first is last": (walk.first_holder == walk.last_holder).sum(),
    }
