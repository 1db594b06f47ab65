"""How is a unit called where it may not be named alone?"""

from leitweg.domain.situation import OTHERS
from leitweg.language.catalogue import translate


def unit_name(language: str, unit: str) -> str:
    """Return the name of a unit, or words for all those that are not named.

    >>> unit_name("de", "Lager"), unit_name("en", "")
    ('Lager', 'other units')
    """
    return translate(language, "word.other_units") if unit == OTHERS else unit
