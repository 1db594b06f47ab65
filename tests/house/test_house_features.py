"""What no model may look at, and what no list of persons may be ordered by."""

import ast
import importlib
import json
import re
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
from house_files import DOCS, SRC, sources, tree_of

import depth_fixture
import faces_fixture
import leitweg
from leitweg.cli.units_screen import ordered_units
from leitweg.domain import comparison as comparison_nouns
from leitweg.domain import situation as situation_nouns
from leitweg.domain.findings import Estimate
from leitweg.domain.network import Network, NetworkEdge, NetworkUnit
from leitweg.domain.situation import LoadRow, Situation
from leitweg.domain.tables import TABLES
from leitweg.engine.request_rows import NAMED
from leitweg.engine.unit_places import NO_PLACES
from leitweg.language.load import ordered_loads
from leitweg.privacy.denied_features import ALLOWED_TO_THE_ROUTER, DENIED, denied_group
from leitweg.privacy.release import release
from leitweg.reports.cause_tables import causes_table
from leitweg.reports.dossier_models import MODELS, REQUESTS
from leitweg.reports.tables import units_table
from leitweg.situation.contacts import Counts
from leitweg.situation.expected_links import TERMS as EXPECTED_TERMS
from leitweg.situation.link_terms import TERMS as LINK_TERMS
from leitweg.situation.link_terms import link_terms
from leitweg.situation.nearness import nearness_terms
from leitweg.studies.documents import situation_document

# pages on code of the analysis that describe no model: definitions, sums and counts
NO_MODEL = {
    *("case-kernel", "coverage", "customer-line", "findings", "from-events-to-waits", "links"),
    "states",
}
# the words of a request decide who answers it: the one exception, for the router alone
OF_THE_ROUTER = {"cases.text": "contents", "cases.text_features": "contents"}
OF_ANALYSIS = re.compile(r"`(?:situation|engine|routing)/\w+\.py`")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_no_model_looks_at_what_is_denied(model):
    is_router = "rout" in model.id
    inputs = [n for n in model.inputs if not (is_router and n in ALLOWED_TO_THE_ROUTER)]
    looked_at = [*model.terms, *(name.partition(".")[2] for name in inputs)]
    assert {name: denied_group(name) for name in looked_at if denied_group(name)} == {}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_every_input_of_a_model_is_a_canonical_column(model):
    columns = {
        f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns
    }
    assert set(model.inputs) - columns == set()
    assert model.inputs


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_no_canonical_column_holds_what_is_denied(table):
    # free attributes pass a list of allowed names at import; the router alone reads them (below)
    found = {column.name: denied_group(column.name) for column in table.columns}
    denied = {f"{table.name}.{name}": group for name, group in found.items() if group}
    assert denied == {name: g for name, g in OF_THE_ROUTER.items() if name.startswith(table.name)}


def test_the_declared_terms_are_those_the_models_make():
    counts = Counts(*(np.ones((3, 3)) for _ in fields(Counts)))
    assert tuple(link_terms(counts, np.array([-1, 0, 0]))) == LINK_TERMS
    assert ("interdependence", *nearness_terms(["A", "B"], NO_PLACES)) == EXPECTED_TERMS


def test_no_analysis_reads_free_attributes_or_texts():
    """They may hold anything; beside store, entrance and exports the router alone reads them."""
    readers = {
        path.relative_to(SRC).as_posix()
        for path in sources()
        if path.relative_to(SRC).parts[0] in ("engine", "situation")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and node.value in ("attributes", "text", "text_features")
    }
    assert readers == {"engine/request_rows.py"}


def test_what_the_router_may_read_is_said_where_features_are_declared():
    assert set(OF_THE_ROUTER) == ALLOWED_TO_THE_ROUTER


def test_the_declared_attributes_of_a_request_are_those_the_router_reads():
    assert set(REQUESTS) == {f"cases.{name}" for name in (*NAMED, "attributes")}


def test_every_page_on_a_model_has_its_data_sheet():
    texts = {p.stem: p.read_text(encoding="utf-8") for p in (DOCS / "methods").glob("*.md")}
    # pages of the privacy door, which also name where their rows come from, have no model either
    pages = {
        name for name, text in texts.items() if OF_ANALYSIS.search(text) and "`privacy/" not in text
    }
    sheets = {page for model in MODELS for page in model.pages}
    assert sheets - set(texts) == set()
    assert pages - sheets - NO_MODEL == set()


PLANTED = {
    "mood_score": "emotion",
    "Stimmungslage": "emotion",
    "big_five_openness": "personality",
    "mailBody": "contents",
    "Krankheitstage": "health",
    "is_pregnant": "health",
    "Gewerkschaft": "union",
    "in_works_council": "union",
    "Konfession": "religion",
    "party": "politics",
    "Herkunftsland": "origin",
    "marital_status": "sexual-life",
    "age": "age-and-gender",
    "Geschlecht": "age-and-gender",
}


@pytest.mark.parametrize(("name", "group"), PLANTED.items())
def test_the_list_knows_what_is_denied(name, group):
    assert denied_group(name) == group


@pytest.mark.parametrize(
    "name",
    [
        "agent",
        "manager",
        "same_site",
        "started_us",
        "message",
        "stage",
        "priority",
        "shared_partners",
    ],
)
def test_the_list_lets_ordinary_names_through(name):
    assert denied_group(name) is None


def test_every_group_of_the_list_is_planted():
    assert set(PLANTED.values()) == set(DENIED)


# persons never stand in an order of numbers


NAMES = ("p3", "p1", "p2")


def persons(profile):
    """An answer about persons, from a log without units, in an order that tells who is worst."""
    blank = faces_fixture.situation()
    unit = blank.units[0]
    units = tuple(
        replace(unit, unit=name, distance_handovers=i, causes={"contention": 9.0 - i})
        for i, name in enumerate(NAMES)
    )
    links = tuple(replace(blank.links[0], from_unit=n, to_unit="z") for n in NAMES)
    nodes = tuple(NetworkUnit(n, 9, strength_out=9.0 - i) for i, n in enumerate(NAMES))
    edges = tuple(NetworkEdge(n, "z", 9.0 - i, 9, 9) for i, n in enumerate(NAMES))
    loads = tuple(
        LoadRow(n, None, 9, 90, None, Estimate(0.9 - i / 10, 0.1, 1.0), None, None, None)
        for i, n in enumerate(NAMES)
    )
    network = Network("person", "handovers", units=nodes, edges=edges)
    names = {field.name for field in fields(Situation)}
    kept = {f.name: getattr(blank, f.name) for f in fields(blank) if f.name in names}
    told = kept | {"profile": profile, "level": "person", "units": units, "links": links}
    return Situation(**(told | {"loads": loads, "network": network, "findings": ()}))


def test_no_released_list_orders_persons_by_a_number():
    document = situation_document(release(persons("open")), "en")
    network = document["network"]
    assert [row["unit"] for row in document["units"]] == sorted(NAMES)
    assert [row["unit"] for row in document["loads"]] == sorted(NAMES)
    assert [row["unit"] for row in network["units"]] == sorted(NAMES)
    # a link is a way between two, and stands by its use
    assert [row["from_unit"] for row in document["links"]] == list(NAMES)


def shown_in_order(texts):
    """Persons in the order in which they are named."""
    return [name for text in texts for name in re.findall(r"\bp[123]\b", text)]


def test_no_screen_and_no_table_orders_persons_by_a_number():
    released = release(persons("open"))
    assert [row.unit for row in ordered_units(released)] == sorted(NAMES)
    assert [row.unit for row in ordered_loads(released.loads, "person")] == sorted(NAMES)
    for table in (units_table, causes_table):
        text = "".join(str(element) for element in table(released, "en"))
        assert list(dict.fromkeys(shown_in_order([text]))) == sorted(NAMES)


def test_a_protected_answer_holds_no_number_about_a_person():
    document = situation_document(release(persons("protected")), "en")
    for row in (*document["units"], *document["links"], *document["loads"]):
        assert row["held_back"] is not None
        told = {k: v for k, v in row.items() if isinstance(v, (int, float)) and v is not None}
        assert told == {}
    assert document["network"]["units"] == []
    assert document["network"]["edges"] == []
    assert document["findings"] == []


PERSON_KEYS = {"person", "people_ids", "ratee", "rater", "respondent", "sender", "receiver", "who"}


@pytest.mark.parametrize(
    "noun", [situation_nouns, comparison_nouns], ids=["situation", "comparison"]
)
def test_no_released_row_is_keyed_by_a_person(noun):
    """Whatever leaves is made of these nouns; none has a field for a person."""
    rows = [value for value in vars(noun).values() if is_dataclass(value)]
    assert len(rows) >= 5
    named = {(row.__name__, f.name) for row in rows for f in fields(row) if f.name in PERSON_KEYS}
    assert named == set()


def test_documents_hold_no_list_keyed_by_a_person():
    text = json.dumps(situation_document(depth_fixture.in_depth(), "en"), default=str)
    assert set(re.findall(r'"(\w+)":', text)) & PERSON_KEYS == set()


def test_no_public_function_is_called_a_ranking():
    """The face of the library and the modules behind it offer no order of persons."""
    public = {name for name in leitweg.__all__ if not name.startswith("_")}
    for module in {leitweg._FACE[name] for name in public if name in leitweg._FACE}:
        public |= {n for n in vars(importlib.import_module(module)) if not n.startswith("_")}
    words = re.compile(r"rank|league|leaderboard|score_(people|persons)|best_(people|persons)")
    assert [name for name in sorted(public) if words.search(name.lower())] == []
