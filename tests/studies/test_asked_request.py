"""What a caller writes, and what the router is asked: ids, attributes, text, notes."""

import numpy as np

from leitweg.privacy.pseudonyms import pseudonym
from leitweg.privacy.text_features import features_under
from leitweg.store.workspace_key import WorkspaceKey
from leitweg.studies.asked_request import Parts, Spellings

KEY = WorkspaceKey(bytes(range(32)))
VALUES = {"topic": {"Bill", "Meter"}, "customer": {pseudonym("customer", "ACME", KEY)}}


def units(key=None, **how):
    return Spellings("unit", ["Sales", "Claims"], key, values=VALUES, **how)


def stored_attributes(given):
    """What the entrance of a protected workspace makes of attributes."""
    hashed = {"customer": "customer", "owner": "person"}
    return {n: pseudonym(hashed[n], v, KEY) if n in hashed else v for n, v in given.items()}


def people(key):
    stored = "anna@x.example" if key is None else pseudonym("person", "anna@x.example", key)
    how = {} if key is None else {"stored_attributes": stored_attributes}
    return Spellings("person", [stored], key, values=VALUES, **how)


def test_a_known_request_is_asked_as_it_is():
    asked = units().asked(Parts("My bill", {"topic": " Bill "}, 7, "sales", ("Claims",)))
    request = asked.request
    assert (request.at_us, request.attributes) == (7, {"topic": "Bill"})
    assert (request.first_contact, request.tried) == ("Sales", ("Claims",))
    np.testing.assert_array_equal(request.text, features_under(None).of("My bill"))
    assert asked.notes == ()


def test_what_is_unknown_is_noted_and_still_asked():
    asked = units().asked(
        Parts(attributes={"topic": "Moon", "size": "9", "religion": "none"}, tried=("Nobody",))
    )
    assert asked.notes == (
        "denied-attribute: religion",
        "unknown-attribute: size",
        "attributes-to-give: topic",
        "unknown-value: topic=Moon",
        "unknown-contact: Nobody",
    )
    assert asked.request.attributes == {"topic": "Moon", "size": "9"}


def test_names_of_attributes_are_found_however_they_are_spelled():
    asked = units().asked(Parts(attributes={"Topic": "Bill"}))
    assert asked.request.attributes == {"topic": "Bill"}
    assert asked.notes == ()


def test_nothing_given_is_noted():
    nothing = ("nothing-known", "attributes-to-give: topic")
    assert units().asked(Parts()).notes == nothing
    assert units().asked(Parts("   \n")).notes == ("empty-text",)
    assert units().asked(Parts("?!")).notes == ("empty-text",)
    assert units(has_text=False).asked(Parts("My bill")).notes == ("no-text-learnt",)
    assert units().asked(Parts(attributes={"topic": " "})).notes == nothing


def test_a_megabyte_of_text_is_asked_like_its_beginning():
    long = units().asked(Parts("invoice overdue " * 70_000)).request.text
    short = units().asked(Parts(("invoice overdue " * 70_000)[:20_000])).request.text
    np.testing.assert_array_equal(long, short)


def test_people_and_customers_are_hashed_in_a_protected_workspace():
    asked = people(KEY).asked(
        Parts(attributes={"customer": " acme "}, tried=("Anna@X.example", "bert"))
    )
    anna, bert = (pseudonym("person", name, KEY) for name in ("anna@x.example", "bert"))
    assert asked.request.tried == (anna, bert)
    assert asked.named == {anna: "Anna@X.example", bert: "bert"}
    assert asked.request.attributes == {"customer": pseudonym("customer", "ACME", KEY)}
    assert asked.notes == ("unknown-contact: bert",)


def test_a_pseudonym_is_nobody():
    """Who reads the tables cannot ask about a person whose name he does not know."""
    anna = pseudonym("person", "anna@x.example", KEY)
    asked = people(KEY).asked(Parts(tried=(anna,)))
    assert asked.request.tried != (anna,)
    assert asked.notes == (f"unknown-contact: {anna}",)


def test_a_label_that_names_somebody_is_found_as_it_is_stored():
    stored = pseudonym("person", "Anna Weber", KEY)
    how = {"stored_attributes": stored_attributes, "values": {"owner": {stored}}}
    spellings = Spellings("unit", ["Sales"], KEY, **how)
    asked = spellings.asked(Parts(attributes={"owner": "Weber, Anna"}))
    assert asked.request.attributes == {"owner": stored}
    assert asked.notes == ()
    asked = spellings.asked(Parts(attributes={"owner": "Bert"}))
    assert asked.notes == ("unknown-value: owner=Bert",)


def test_in_an_open_workspace_people_go_by_name():
    asked = people(None).asked(Parts(first_contact="ANNA@x.example"))
    assert asked.request.first_contact == "anna@x.example"
    assert asked.named == {"anna@x.example": "ANNA@x.example"}
