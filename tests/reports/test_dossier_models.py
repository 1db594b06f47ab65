"""The data sheets of the models say what the documentation says."""

import pytest
from house_files import DOCS

from leitweg.reports.dossier_models import MEASURED, MODELS, measured_values


@pytest.mark.parametrize("name", MEASURED)
def test_every_measurement_stands_on_its_page(name):
    found = MEASURED[name]
    page = (DOCS / "methods" / f"{found.page}.md").read_text(encoding="utf-8")
    assert found.passage in page
    assert found.number in found.passage


def test_numbers_are_written_as_the_language_does():
    assert measured_values("de")["lp_own"] == "0,152"
    assert measured_values("en")["lp_own"] == "0.152"
    assert measured_values("de")["ne_between"] == "0,70"
    assert measured_values("de")["pr_found"] == "140/150"


def test_ids_are_unique():
    assert len({model.id for model in MODELS}) == len(MODELS)
