"""Which names of people stand where only labels should? They are found and exchanged.

A unit may be called after its head, a topic may quote an address. A text is told to name somebody
where it is an address, or equals an account that the same files (or earlier ones) name; inside
longer texts addresses, logins and names of several words are found. What may as well be a label
(a number of three digits, "Value 7") is left.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from leitweg.privacy.canonical import canonical, is_address

GAP = "…"
_ADDRESS_IN = re.compile(r"[^\s@<>\"'(),;:=/|]+@[^\s@<>\"'(),;:=/|]*[^\W_]")
_WORD = re.compile(r"[^\s,;:()\[\]{}<>\"'„“”‚‘’/|=…]+(?:['’][^\W\d_]+)?")
_LONGEST_NAME = 4
# each run of words costs a keyed hash: names of four words are looked for in the same import only
_LONGEST_STORED = 3
_MANY = 5
_LONGEST_NUMBER_OF_A_LABEL = 3
_LOGIN = re.compile(r".*[\d._\\@-].*")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LOCAL = re.compile(r"([^\W\d_-]+(?:-[^\W\d_]+)*)[._]([^\W\d_-]+(?:-[^\W\d_]+)*)")

Exchange = Callable[[str], str]
IsStored = Callable[[str], bool]


@dataclass(frozen=True)
class People:
    """Forms of accounts that texts are searched for.

    Parameters
    ----------
    forms
        Accounts in canonical form.
    is_stored
        Says whether earlier files named an account of a form.
    """

    forms: frozenset[str]
    is_stored: IsStored | None = None

    def concealed(self, text: str, exchange: Exchange) -> str:
        """Return a text in which a function has exchanged every name of a person."""
        form = canonical(text, "person")
        if is_address(form) or (_tells(form) and self._is_known(form)):
            return exchange(form)
        if "@" in text:
            text = _ADDRESS_IN.sub(lambda found: exchange(canonical(found[0], "person")), text)
        return self._without_names(text, exchange)

    def gaps(self, text: str) -> str:
        """Return a text with a gap where it names somebody."""
        return self.concealed(text, lambda _form: GAP)

    def _is_known(self, form: str) -> bool:
        return form.translate(_UMLAUTS) in self._all or self._was_stored(form)

    def _without_names(self, text: str, exchange: Exchange) -> str:
        words = list(_WORD.finditer(text))
        folded = [canonical(word[0]).strip(".!?") for word in words]
        plain = [word.translate(_UMLAUTS) for word in folded]
        if self.is_stored is None and self._parts.isdisjoint(plain):
            return text
        begin, told, place = 0, [], 0
        while place < len(words):
            is_name = [word[0][0].isupper() for word in words[place : place + _LONGEST_NAME]]
            count, form = self._name_at(folded, place, is_name)
            if form is None:
                place += 1
                continue
            told += [text[begin : words[place].start()], exchange(form)]
            begin = words[place + count - 1].end()
            place += count
        return "".join([*told, text[begin:]])

    def _name_at(self, words: list[str], place: int, is_name: list[bool]) -> tuple[int, str | None]:
        for count in range(min(_LONGEST_NAME, len(words) - place), 0, -1):
            said = words[place : place + count]
            for form in (" ".join(said), " ".join([*said[1:], said[0]])):
                if form.translate(_UMLAUTS) in self._inside or (
                    1 < count <= _LONGEST_STORED and all(is_name[:count]) and self._was_stored(form)
                ):
                    return count, form
        return 1, None

    def _was_stored(self, form: str) -> bool:
        # words stand in many texts: each run of them is asked for once
        if self.is_stored is None:
            return False
        known = self._asked.get(form)
        if known is None:
            known = self._asked[form] = self.is_stored(form)
        return known

    @cached_property
    def _asked(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _all(self) -> frozenset[str]:
        forms = self.forms | set(_names_in_addresses(self.forms))
        return frozenset(form.translate(_UMLAUTS) for form in forms)

    @cached_property
    def _inside(self) -> frozenset[str]:
        """Forms that are found inside longer texts: there a single word is a name too seldom."""
        return frozenset(
            form
            for form in self._all
            if _tells(form) and (" " in form or (len(form) > 3 and _LOGIN.fullmatch(form)))
        )

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(word for form in self._inside for word in form.split())


def domains_of_many(accounts: Iterable[str]) -> set[str]:
    """Return the domains of accounts, in canonical form, that are no domain of a few."""
    counted = Counter(form.partition("@")[2] for form in accounts if is_address(form))
    return {domain for domain, count in counted.items() if count >= _MANY}


def spellings(form: str, domains: Iterable[str]) -> list[str]:
    """Return the accounts that a name may stand for: itself, and its address at each domain."""
    words = form.translate(_UMLAUTS).split(" ")
    if len(words) != 2 or "@" in form:
        return [form]
    return [form, *(f"{words[0]}.{words[1]}@{domain}" for domain in domains)]


def people_named(accounts: Collection[str], is_stored: IsStored | None = None) -> People:
    """Return what texts are searched for, from accounts in canonical form."""
    return People(frozenset(accounts), is_stored)


def _tells(form: str) -> bool:
    has_digit = any(letter.isdigit() for letter in form)
    if has_digit and " " in form:
        return False
    return not (form.isdigit() and len(form) <= _LONGEST_NUMBER_OF_A_LABEL) and len(form) > 1


def _names_in_addresses(forms: Iterable[str]) -> Iterable[str]:
    for form in forms:
        if found := _LOCAL.fullmatch(form.partition("@")[0]):
            yield f"{found[1]} {found[2]}"
