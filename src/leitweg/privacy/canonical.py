"""Which spellings mean the same account? They get one form before anything is hashed.

Case, spaces and Unicode forms never tell accounts apart. Of persons and customers the marks of a
mailbox are left out too: the display name beside an address, a prefix of its kind, what follows a
plus; and "Last, First" is the name "First Last". What is not certain is not merged: umlauts and
their transcription, an account of a domain and an address (docs/methods/privacy.md).
"""

import re
import unicodedata

ACCOUNTS = ("person", "customer")
_MARKS = re.compile(r"[@,:<\"']")
_PREFIX = re.compile(r"(?:smtp|mailto|sip|sips|x500|ex|mail|e-mail):\s*")
_BESIDE_NAME = re.compile(r".*<\s*([^<>]+?)\s*>")
_ADDRESS = re.compile(r"([^\s@<>+]+)(?:\+[^\s@<>]*)?@([^\s@<>]+?)\.?")
_NAME_WORD = r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?"
_LAST_FIRST = re.compile(
    rf"({_NAME_WORD}(?: {_NAME_WORD}){{0,3}}), ?({_NAME_WORD}(?: {_NAME_WORD}){{0,2}})"
)
_QUOTED = ("''", '""')
# a comma in the name of a group or a company divides no last name from a first
_NO_NAME = """
team teams group gruppe abteilung abt department dept bereich unit desk helpdesk hotline support
service services sales vertrieb einkauf verkauf purchasing marketing it edv hr personal recht legal
finance finanzen accounting buchhaltung office büro buero zentrale empfang reception info kontakt
contact admin system line region nord süd sued ost west north south east gmbh ag kg ohg gbr se inc
ltd llc llp plc corp co company partner partners und and söhne sons bank versicherung
"""
_NO_NAMES = frozenset(_NO_NAME.split())


def canonical(id_: str, kind: str = "") -> str:
    """Return the form of an id in which spellings of one account are equal.

    Parameters
    ----------
    id_
        The id as the source writes it.
    kind
        The kind of id; of ``person`` and ``customer`` more spellings are equal.

    >>> canonical("  Anna   MÜLLER ")
    'anna müller'
    >>> canonical('"Müller, Anna" <Anna.Mueller+tickets@x.example>', "person")
    'anna.mueller@x.example'
    >>> canonical("Müller, Anna", "person"), canonical("Team, Support", "person")
    ('anna müller', 'team, support')
    """
    text = _folded(id_)
    if kind not in ACCOUNTS:
        return text
    while _MARKS.search(text):
        plainer = _folded(_plainer(text)) or text
        if plainer == text:
            break
        text = plainer
    return text


def is_address(text: str) -> bool:
    """Say whether a text in canonical form is an address of a mailbox."""
    found = _ADDRESS.fullmatch(text)
    return found is not None and "." in found[2]


def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    # folding can leave a form that is not composed, hence the second normalisation
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def _plainer(text: str) -> str:
    """Take one mark away; the same text where there is none."""
    if len(text) > 2 and text[0] + text[-1] in _QUOTED:
        return text[1:-1]
    if found := _PREFIX.match(text):
        return text[found.end() :]
    if (found := _BESIDE_NAME.fullmatch(text)) and "@" in found[1]:
        return found[1]
    if found := _ADDRESS.fullmatch(text):
        return f"{found[1]}@{_domain(found[2])}"
    if (found := _LAST_FIRST.fullmatch(text)) and _NO_NAMES.isdisjoint(re.split(r"[ .,]+", text)):
        return f"{found[2]} {found[1]}"
    return text


def _domain(name: str) -> str:
    if "xn--" not in name:
        return name
    try:
        return name.encode().decode("idna")
    except UnicodeError:
        return name
