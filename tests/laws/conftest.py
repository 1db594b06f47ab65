"""One small company for all laws: 1,800 cases, made and analysed once."""

import pytest
from small_company import Row, company_rows, situation_of

from leitweg.domain.situation import ReleasedSituation


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    return company_rows(5)


@pytest.fixture(scope="session")
def base(rows, tmp_path_factory) -> ReleasedSituation:
    return situation_of(tmp_path_factory.mktemp("base"), rows)
