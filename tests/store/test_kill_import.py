import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("kill_import.py")


def kill(kills: int, seed: int) -> dict:
    run = subprocess.run(
        [sys.executable, str(SCRIPT), str(kills), str(seed)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked children")
def test_a_killed_import_leaves_the_old_or_the_new_state():
    assert sum(kill(21, seed=1)["left"].values()) == 21


@pytest.mark.verify
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked children")
def test_200_killed_imports_leave_the_old_or_the_new_state():
    left = kill(201, seed=2)["left"]
    assert sum(left.values()) == 201
    # the moments are spread over the import: some lie inside the write
    assert sum(n for key, n in left.items() if key.endswith("half written")) >= 10
