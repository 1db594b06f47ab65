"""What does the router see of a text? Keyed numbers of its words and of their parts, unordered.

A word is a number below ``2 ** 18``; a part of a word (3 to 5 letters, the edges of the word among
them) one from there up to ``2 ** 19``. Spellings of one word meet, and compounds share parts with
what they are made of. Numbers that differ in every text become marks: what tells nothing of other
requests would only tell of this one. Method: docs/methods/request-text.md.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from leitweg.domain.routing import N_WORDS, Ragged
from leitweg.store.workspace_key import WorkspaceKey, derived_key

MOST_CHARACTERS = 20_000
"""What follows is not looked at: nobody is the right contact because of page eight."""
PART_LENGTHS = (3, 4, 5)
LONGEST_WORD = 60
LONGEST_PLAIN_NUMBER = 4
"""Years, ports and error codes tell something; longer numbers are those of one case."""
_MOST_TOKENS = 60_000
_LONGEST_REMEMBERED = 100
_MOST_PARTS = 100_000
_OPEN_KEY = b"leitweg: words of an open workspace are no secret"
_PURPOSE = "text"

# every repetition is bounded, so that no text takes longer than its length
_MAIL = re.compile(r"[^\s@<>\"'(),;:=/|]{1,64}+@[^\s@<>\"'(),;:=/|]{0,255}[^\W_]")
_URL = re.compile(
    r"(?i:\b[a-z][a-z0-9+.-]{0,20}://)(?:[^\s/?#@]{0,255}@)?([^\s?#<>\"']*)[^\s<>\"']*"
)
_UUID = re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")
# exports write a line break as two characters, which would begin the next word
_WRITTEN_BREAK = re.compile(r"(?:\\[nrt]){2,}|(?<=[.,;!?)])\\[nrt]")
_TOKEN = re.compile(r"[^\W_]+(?:[._]+[^\W_]+)*")
_HUMP = re.compile(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])|(?<=[A-ZÄÖÜ])(?=[A-ZÄÖÜ][a-zäöüß])|[._]+")
_HEX = re.compile(r"(?:0x[0-9a-f]+|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,})")
_LONG_NUMBER = re.compile(rf"\d{{{LONGEST_PLAIN_NUMBER + 1},}}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# control characters stand in no word, so that no text can write a mark
_MAIL_MARK, _UUID_MARK, _HEX_MARK = "\x01mail", "\x01uuid", "\x01hex"

Features = NDArray[np.int32]
_NOTHING = np.empty(0, np.int32)


class TextFeatures:
    """Turns texts into hashed features; remembers the words it has seen, up to a bound.

    Parameters
    ----------
    key
        The key of the hashes: whoever lacks it cannot tell the number of a word.
    wrapping
        Key of a further exchange of the numbers, after `leitweg rekey`; None before.

    Examples
    --------
    >>> features = TextFeatures(b"a key")
    >>> bool((features.of("Störung") == features.of("STOERUNG")).all())
    True
    >>> features.of("").tolist()
    []
    """

    def __init__(self, key: bytes, wrapping: bytes | None = None) -> None:
        self._hash = hashlib.blake2b(key=hashlib.sha256(key).digest(), digest_size=8)
        self._order = None if wrapping is None else _order(wrapping)
        self._tokens: dict[str, Features] = {}
        self._parts: dict[str, int] = {}

    def of(self, text: str) -> Features:
        """Return the numbers of a text, ascending, each as often as it occurs.

        Only the first `MOST_CHARACTERS` are looked at. What the order of the words was cannot be
        told from the numbers.
        """
        found = [self._of_token(token) for token in tokens_of(text)]
        if not found:
            return _NOTHING
        numbers = np.concatenate(found)
        numbers.sort()
        return numbers

    def of_many(self, texts: Iterable[str | None]) -> Ragged:
        """Return the numbers of many texts, one row each; none of a text that is missing."""
        # one buffer that grows: texts of years must not lie in memory twice
        numbers, ends = bytearray(), [0]
        for text in texts:
            if text is not None:
                numbers += self.of(text).tobytes()
            ends.append(len(numbers) // _NOTHING.itemsize)
        return Ragged(np.array(ends, np.int64), np.frombuffer(numbers, np.int32))

    def of_column(self, texts: pa.ChunkedArray) -> pa.Array:
        """Return the numbers of a column of texts; null where there is no text."""
        ragged = self.of_many(texts.to_pylist())
        offsets = pa.array(ragged.offsets.astype(np.int32))
        missing = pc.is_null(texts).combine_chunks()
        return pa.ListArray.from_arrays(offsets, pa.array(ragged.values), mask=missing)

    def _of_token(self, token: str) -> Features:
        known = self._tokens.get(token)
        if known is not None:
            return known
        found = self._hashed(token)
        if len(token) <= _LONGEST_REMEMBERED:
            if len(self._tokens) >= _MOST_TOKENS:
                self._tokens.clear()
            self._tokens[token] = found
        return found

    def _hashed(self, token: str) -> Features:
        words, with_parts = words_of(token)
        numbers = [self._number(word) for word in words]
        numbers += [self._part(part) for word in with_parts for part in parts_of(word)]
        found = np.array(numbers, np.int32)
        return found if self._order is None else self._order[found]

    def _part(self, part: str) -> int:
        known = self._parts.get(part)
        if known is None:
            if len(self._parts) >= _MOST_PARTS:
                self._parts.clear()
            # a blank first: no word begins with one, so that words and parts never share a hash
            known = self._parts[part] = N_WORDS + self._number(f" {part}")
        return known

    def _number(self, word: str) -> int:
        hashed = self._hash.copy()
        hashed.update(word.encode(errors="replace"))
        return int.from_bytes(hashed.digest(), "little") % N_WORDS


def features_under(key: WorkspaceKey | None) -> TextFeatures:
    """Return what hashes the texts of a workspace.

    Parameters
    ----------
    key
        The key of a protected workspace; None in an open one, where the key is a constant that
        everybody may read: there the texts are stored as well.
    """
    if key is None:
        return TextFeatures(_OPEN_KEY)
    return TextFeatures(derived_key(key, _PURPOSE), key.wrapping)


def renumbered(column: pa.ChunkedArray, old: WorkspaceKey, new: WorkspaceKey) -> pa.ChunkedArray:
    """Return stored numbers as they are under another key of the same workspace.

    Exact, as the exchange of ids is: each of the two ranges is put into another order, so that
    rows that shared a number still do, and texts imported later still meet the older ones.
    """
    lists = column.combine_chunks()
    lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0))
    numbers = new_numbers(old, new)[np.asarray(pc.list_flatten(lists))].astype(np.int64)
    row = np.repeat(np.arange(len(lists), dtype=np.int64), lengths)
    ascending = np.sort(row * (2 * N_WORDS) + numbers) % (2 * N_WORDS)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    values = pa.array(ascending.astype(np.int32))
    found = pa.ListArray.from_arrays(pa.array(offsets), values, mask=lists.is_null())
    return pa.chunked_array([found.cast(column.type)])


def new_numbers(old: WorkspaceKey, new: WorkspaceKey) -> Features:
    """Return the number that takes the place of each under another key of the same workspace."""
    return _order_under(new)[np.argsort(_order_under(old))]


def tokens_of(text: str) -> list[str]:
    """Return the runs of letters and digits of a text; mail addresses and UUIDs as marks, last.

    >>> tokens_of("Fehler in org.apache.Foo, siehe https://x.example/a?id=7")
    ['Fehler', 'in', 'org.apache.Foo', 'siehe', 'x.example', 'a']
    """
    text = unicodedata.normalize("NFKC", text[:MOST_CHARACTERS])
    if "\\" in text:
        text = _WRITTEN_BREAK.sub(" ", text)
    marks: list[str] = []
    if "://" in text:
        text = _URL.sub(r" \1 ", text)
    if "@" in text:
        text, count = _MAIL.subn(" ", text)
        marks += [_MAIL_MARK] * count
    if "-" in text:
        text, count = _UUID.subn(" ", text)
        marks += [_UUID_MARK] * count
    return _TOKEN.findall(text) + marks


def words_of(token: str) -> tuple[list[str], list[str]]:
    """Return the words that a run of letters and digits holds, and those of them with parts.

    A name of several words (``NullPointerException``, ``org.apache.Foo``) is a word itself, beside
    the words in it; parts come from these alone.

    >>> words_of("NullPointerException")[0]
    ['nullpointerexception', 'null', 'pointer', 'exception']
    >>> words_of("INC0012345"), words_of("Straße"), words_of("4711")
    ((['inc0000000'], ['inc0000000']), (['strasse'], ['strasse']), (['4711'], []))
    """
    if token.startswith("\x01"):
        return [token], []
    whole = folded(token)
    if _HEX.fullmatch(whole):
        return [_HEX_MARK], []
    pieces = [folded(piece) for piece in _HUMP.split(token) if piece]
    words = [_without_long_numbers(piece) for piece in pieces]
    with_parts = [word for word in words if not word.isdigit()]
    if len(words) > 1:
        words.insert(0, _without_long_numbers(whole))
    return words, with_parts


def parts_of(word: str) -> list[str]:
    """Return all runs of 3 to 5 letters of a word, its edges marked by blanks.

    >>> parts_of("amt")
    [' am', 'amt', 'mt ', ' amt', 'amt ', ' amt ']
    """
    padded = f" {word} "
    return [
        padded[begin : begin + length]
        for length in PART_LENGTHS
        for begin in range(len(padded) - length + 1)
    ]


def folded(text: str) -> str:
    """Return the form in which spellings of a word meet.

    >>> folded("Störung"), folded("STOERUNG"), folded("Café")
    ('stoerung', 'stoerung', 'cafe')
    """
    text = text.casefold()
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_UMLAUTS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _without_long_numbers(word: str) -> str:
    return _LONG_NUMBER.sub(lambda found: "0" * len(found[0]), word[:LONGEST_WORD])


def _order_under(key: WorkspaceKey) -> Features:
    if key.wrapping is None:
        return np.arange(2 * N_WORDS, dtype=np.int32)
    return _order(key.wrapping)


@lru_cache(maxsize=4)
def _order(wrapping: bytes) -> Features:
    """Return the number that takes the place of each, words among words, parts among parts."""
    key = hmac.digest(wrapping, b"leitweg: order of text features", hashlib.sha256)
    # counter mode: what it enciphers is a stream of random numbers that only the key can tell
    cipher = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor()
    drawn = np.frombuffer(cipher.update(bytes(2 * N_WORDS * 8)), np.uint64)
    words, parts = np.argsort(drawn[:N_WORDS]), np.argsort(drawn[N_WORDS:]) + N_WORDS
    return np.concatenate([words, parts]).astype(np.int32)
