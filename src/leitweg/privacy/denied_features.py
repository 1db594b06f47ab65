"""What may no model look at? Groups of features, told by the words in their names.

A model that sees a proxy under another name is not found by its name; what a feature means is said
where it is declared, and read by people. Words of the request itself are open to the router alone.
Method: docs/methods/dossier.md.
"""

import re
from functools import lru_cache

DENIED = {
    "emotion": "emotion* mood* sentiment* feeling* anger fear joy stress* arousal tone gefuehl* "
    "stimmung*",
    "personality": "personalit* temperament trait traits openness extravers* introvers* neurotic* "
    "conscientious* agreeable* charisma character persoenlichkeit*",
    "contents": "text* subject body content contents wording words keyword* topic_of_text "
    "transcript* attachment* voice betreff inhalt*",
    "health": "health* sick* ill illness* disease* diagnos* disab* pregnan* medical* therap* "
    "krank* gesundheit* schwerbehind*",
    "union": "union unions unionised strike strikes works_council worker_representative "
    "gewerkschaft* betriebsrat*",
    "religion": "religio* church* confession* belief* faith konfession*",
    "politics": "politic* party vote* opinion* partei*",
    "origin": "ethnic* race racial nationalit* citizenship migra* origin_country skin herkunft*",
    "sexual-life": "sexual* marital* spouse orientation familienstand",
    "age-and-gender": "age ages age_group birth* gender* sex sexes geburt* geschlecht*",
}
"""Words per group, split by spaces; with a star the beginning of a word. ``a_b`` are two words."""

SPECIAL_CATEGORIES = ("health", "union", "religion", "politics", "origin", "sexual-life")
"""Groups that Art. 9 GDPR names: no attribute of them is kept in a protected workspace."""

ALLOWED_TO_THE_ROUTER = frozenset({"cases.text", "cases.text_features"})
"""The one exception: the words of a request itself, by which the router alone finds who answers it.

They are what the customer wrote to be answered, never what employees write to each other; of a
protected workspace only hashes of them (docs/methods/request-text.md)."""


@lru_cache(maxsize=4_096)
def denied_group(name: str) -> str | None:
    """Return the group that a feature of this name belongs to, None where it may be used.

    >>> denied_group("mood_score"), denied_group("same_manager"), denied_group("agent")
    ('emotion', None, None)
    """
    words = "_".join(re.findall(r"[a-z0-9]+", _plain(name)))
    for group, patterns in DENIED.items():
        if any(_holds(words, pattern) for pattern in patterns.split()):
            return group
    return None


def _plain(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spaced = spaced.replace(letter, plain)
    return spaced


def _holds(words: str, pattern: str) -> bool:
    end = "" if pattern.endswith("*") else r"(?:_|$)"
    return re.search(rf"(?:^|_){re.escape(pattern.removesuffix('*'))}{end}", words) is not None
