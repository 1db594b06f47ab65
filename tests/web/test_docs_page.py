"""The page that describes the interface: every word in the reader's language."""

import re
from html import unescape

import pytest

from leitweg.domain import errors
from leitweg.domain.errors import LeitwegError
from leitweg.language.catalogue import LANGUAGES, UnknownLanguageError, catalogue
from leitweg.studies.desk_calls import MOST_SHOWN
from leitweg.studies.documents import problem_document, slip_document
from leitweg.web.docs_page import docs_page
from leitweg.web.problems import HttpError

GERMAN = {"Accept-Language": "de"}
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type)]
OF_THE_FRAMEWORK = "Successful Response"


def written(part):
    """Every summary and description of a part of the schema."""
    if isinstance(part, list):
        return {text for one in part for text in written(one)}
    if not isinstance(part, dict):
        return set()
    own = {v for k, v in part.items() if k in ("summary", "description") and isinstance(v, str)}
    return own | written(list(part.values()))


@pytest.fixture
def description(planted):
    client, _ = planted
    return client.get("/openapi.json", token=None).json()


def cells(page):
    return [unescape(re.sub("<[^>]+>", "", one)) for one in re.findall(r"<td>(.*?)</td>", page)]


def test_nothing_that_the_schema_says_is_told_a_german_reader_in_english(description):
    page = unescape(docs_page(description, "de"))
    english = written(description)
    assert len(english) > 30
    assert [text for text in english if text in page] == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_field_status_and_parameter_is_explained(description, language):
    found = cells(docs_page(description, language))
    assert len(found) > 60
    assert [text for text in found if not text.strip()] == []


def test_the_english_texts_are_those_of_the_schema(description):
    page = unescape(docs_page(description, "en"))
    described = {
        text
        for schema in description["components"]["schemas"].values()
        for text in written(schema["properties"])
    }
    for methods in description["paths"].values():
        for operation in methods.values():
            described.add(operation["summary"])
            described |= {one["description"] for one in operation["responses"].values()}
    assert [text for text in described - {OF_THE_FRAMEWORK} if text not in page] == []


def test_a_text_that_nobody_translated_is_told_as_the_schema_says_it(description):
    fields = description["components"]["schemas"]["RouteBody"]["properties"]
    fields["new"] = {"type": "string", "description": "Brand new."}
    assert "Brand new." in docs_page(description, "de")


@pytest.mark.parametrize(
    ("language", "limits"),
    [
        ("de", [f"1 bis {MOST_SHOWN} · ohne Angabe 3", "höchstens 20.000 Einträge · jeweils"]),
        ("en", [f"1 to {MOST_SHOWN} · default 3", "at most 20,000 entries · each"]),
    ],
)
def test_defaults_and_ranges_are_shown(description, language, limits):
    page = docs_page(description, language)
    assert [limit for limit in limits if limit not in page] == []


def test_a_problem_bears_its_title_in_the_language_accepted(planted):
    client, _ = planted
    for headers, language in (({}, "en"), (GERMAN, "de")):
        refused = client.post("/api/v1/route", {}, token=None, headers=headers).json()
        assert refused["title"] == catalogue(language)["error_title.AuthenticationError"]
        nowhere = client.get("/nowhere", headers=headers).json()
        assert nowhere["title"] == catalogue(language)["error_title.HttpError"]


@pytest.mark.parametrize("kind", [*KINDS, UnknownLanguageError, HttpError])
def test_every_kind_of_error_has_a_title_in_both_languages(kind):
    error = kind("x", code="x", **({"status": 400} if kind is HttpError else {}))
    english, german = (problem_document(error, language)["title"] for language in LANGUAGES)
    assert english == kind.title
    assert german == catalogue("de")[f"error_title.{kind.__name__}"] != english


def test_a_title_that_nobody_translated_is_told_as_it_is():
    class TitledError(LeitwegError):
        title = "Of an extension"

    class UntitledError(errors.SourceError):
        pass

    assert problem_document(TitledError("x", code="x"), "de")["title"] == "Of an extension"
    untitled = problem_document(UntitledError("x", code="x"), "de")
    assert untitled["title"] == "Die Quelle lässt sich nicht lesen"


def test_a_slip_is_titled_in_the_language():
    assert slip_document("KeyError", "x")["title"] == "Something went wrong inside Leitweg"
    german = slip_document("KeyError", "x", "de")
    assert german["title"] == "In Leitweg ist etwas schiefgegangen"
