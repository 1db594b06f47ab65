"""Small logs by hand for every question."""

import pytest
from hand_logs import LoadCases, loader


@pytest.fixture
def load_cases(tmp_path) -> LoadCases:
    return loader(tmp_path)
