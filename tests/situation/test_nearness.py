"""Steps, parents and sites of units by hand."""

from hand_logs import at
from test_expected_links import company

from leitweg.engine.unit_places import NO_PLACES, UnitPlaces
from leitweg.situation.basis import basis_of
from leitweg.situation.expected_links import fewer_than_expected
from leitweg.situation.link_terms import FAR
from leitweg.situation.nearness import nearness_terms

PLACES = UnitPlaces(
    above={"Desk": "Service", "Claims": "Service", "Service": "Board", "Stock": "Board"},
    sites={"Desk": {"Ulm": 3, "Bonn": 1}, "Claims": {"Bonn": 2}},
)


def test_terms_by_hand():
    """Service and Board have no cases of their own, yet join the others."""
    terms = nearness_terms(["Desk", "Claims", "Stock", "Legal"], PLACES)
    assert terms["steps"].tolist() == [
        [0, 2, 3, FAR],
        [2, 0, 3, FAR],
        [3, 3, 0, FAR],
        [FAR, FAR, FAR, 0],
    ]
    assert terms["same_parent"].tolist() == [
        [1, 1, 0, 0],
        [1, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 0],
    ]
    # somebody of the desk is in Bonn with probability 1/4, of the claims with 1
    assert terms["same_site"][0].tolist() == [0.625, 0.25, 0, 0]


def test_without_tables_every_pair_is_alike():
    terms = nearness_terms(["Desk", "Claims"], NO_PLACES)
    assert terms["steps"][0, 1] == FAR
    assert not terms["same_parent"].any()
    assert not terms["same_site"].any()


def test_what_is_known_enters_the_model(load_cases):
    basis = basis_of(load_cases(company(1)), level="unit", start_us=at(0), end_us=at(2000))
    terms = fewer_than_expected(basis, PLACES).terms
    assert set(terms) == {"interdependence", "same_parent", "steps", "same_site"}
    # nobody in this company looks at the hierarchy
    assert abs(terms["same_site"]) < 0.5
