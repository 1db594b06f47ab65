import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leitweg.privacy.canonical import canonical, is_address
from leitweg.privacy.pseudonyms import pseudonym
from leitweg.store.workspace_key import WorkspaceKey

KEY = WorkspaceKey(bytes(range(32)))


@pytest.mark.parametrize("kind", ["person", "customer"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna.mueller+tickets@x.example", "anna.mueller@x.example"),
        ("anna+a+b@x.example", "Anna@X.example"),
        ('"Anna Müller" <anna@x.example>', "anna@x.example"),
        ("Müller, Anna (Vertrieb) < anna+x@x.example >", "anna@x.example"),
        ("<anna@x.example>", "anna@x.example"),
        ("'anna@x.example'", "anna@x.example"),
        ("SMTP:Anna@x.example", "anna@x.example"),
        ("mailto:anna@x.example", "anna@x.example"),
        ("Anna <mailto:anna@x.example>", "anna@x.example"),
        ("X500:/o=Firma/cn=Recipients/cn=anna", "/O=FIRMA/cn=recipients/cn=Anna"),
        ("anna@x.example.", "anna@x.example"),
        ("anna@xn--mller-kva.example", "anna@müller.example"),
        ("Müller, Anna", "anna müller"),
        ("von der Aue, Eva Maria", "Eva Maria von der Aue"),
        ("O'Neil, Sean", "sean o'neil"),
        ("Müller-Lüdenscheid, Dr. Anna", "Dr. Anna Müller-Lüdenscheid"),
        ("FIRMA\\anna", "firma\\ANNA"),
    ],
)
def test_spellings_of_one_mailbox_or_person_are_one(one, other, kind):
    assert pseudonym(kind, one, KEY) == pseudonym(kind, other, KEY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Team, Support", "Support Team"),
        ("Vertrieb, Nord", "Nord Vertrieb"),
        ("Müller, Schmidt & Partner", "Schmidt & Partner Müller"),
        ("Müller, GmbH", "GmbH Müller"),
        ("Müller, Anna, Bonn", "Anna, Bonn Müller"),
        ("Halle 3, Tor", "Tor Halle 3"),
        ("Müller", "Mueller"),
        ("FIRMA\\anna", "anna@firma"),
        ("FIRMA\\anna", "anna@firma.example"),
        ("anna@x.example", "anna@y.example"),
        ("anna.b@x.example", "annab@x.example"),
        ("+tickets@x.example", "@x.example"),
        ("Anna Müller", "Müller Anna"),
        ("a:b", "b"),
    ],
)
def test_what_is_not_certain_is_not_merged(one, other):
    assert pseudonym("person", one, KEY) != pseudonym("person", other, KEY)


@pytest.mark.parametrize("kind", ["case", "message"])
def test_cases_and_messages_keep_what_looks_like_a_mark(kind):
    assert pseudonym(kind, "a+1@x.example", KEY) != pseudonym(kind, "a@x.example", KEY)
    assert pseudonym(kind, "Teil, Zwei", KEY) != pseudonym(kind, "Zwei Teil", KEY)


@given(st.text() | st.text(alphabet="ab ,<>@+:\"'.mailto", max_size=30))
@example('""')
@example("smtp:")
@example("<@>")
@example("''a@b'")
@example("smtp:smtp: a, b")
def test_the_canonical_form_is_final_for_persons_and_never_empty(text):
    found = canonical(text, "person")
    assert canonical(found, "person") == found
    assert bool(found) == bool(canonical(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("anna@x.example", True), ("anna@x", False), ("@x.example", False), ("a b@x.example", False)],
)
def test_addresses_are_told(text, expected):
    assert is_address(text) is expected
