"""The router learns from cases in the order in which they were opened."""

import numpy as np
from rights_fixture import bring

from leitweg.store import open_workspace
from leitweg.studies.router_history import history_at
from purposes import allow


def test_cases_stand_in_the_order_of_their_opening_not_of_their_first_event(tmp_path):
    folder = tmp_path / "w"
    # c0 lay for two days before anybody began to work on it
    rows = [
        ("c0", "2026-01-05T08:00:00", "2026-01-07T09:00:00", "a1", "Billing"),
        ("c1", "2026-01-06T08:00:00", "2026-01-06T09:00:00", "b1", "Moves"),
    ]
    bring(folder, "events", "case_id,started_at,at,person,unit", rows)
    allow(folder, "routing")
    history = history_at(open_workspace(folder))
    assert np.all(np.diff(history.opened) > 0)
    assert [history.unit.labels[code] for code in history.unit.codes] == ["Billing", "Moves"]
