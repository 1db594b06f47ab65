"""A router of a whole public log: what it answers agrees with the reasons that it gives."""

from pathlib import Path

import numpy as np
import pytest

from leitweg.domain.imports import ImportOptions
from leitweg.domain.routing import Request
from leitweg.routing.fit import fit
from leitweg.store import open_workspace
from leitweg.studies.importing import import_files
from leitweg.studies.router_history import history_at

XES = Path(__file__).parents[2] / "../shared/data/volvo-incidents/bpic2013_incidents.xes.gz"
MANY, MOST = 100, 0.6


def test_who_resolved_most_requests_about_a_product_is_likely_for_the_next_one(tmp_path):
    if not XES.exists():
        pytest.skip("the public logs are not beside the repository (../shared/data)")
    import_files(tmp_path / "w", [XES], ImportOptions(), profile="open")
    history = history_at(open_workspace(tmp_path / "w"))
    router = fit(history, level="unit")
    now, topic, unit = int(history.closed.max()), history.attributes["topic"], history.unit
    looked_at = 0
    for code, name in enumerate(topic.labels):
        mine = unit.codes[(topic.codes == code) & (unit.codes >= 0)]
        share = np.bincount(mine, minlength=len(unit.labels)) / max(mine.size, 1)
        if mine.size < MANY or share.max() < MOST:
            continue
        first = router.rank(Request(now, {"topic": name})).candidates[0]
        assert first.contact == unit.labels[int(share.argmax())]
        assert share.max() - 0.2 < first.probability < share.max() + 0.1
        looked_at += 1
    assert looked_at >= 3
