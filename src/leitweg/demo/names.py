"""Names of the people of the demo company. Made up: a given and a family name meet by lot."""

from dataclasses import dataclass

import numpy as np


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GERMAN_GIVEN = _listed("""
    Anna Lena Katrin Birgit Heike Sabine Ute Petra Silke Anke Frauke Wiebke Maren Imke Svenja
    Julia Nele Hanna Greta Clara Elif Aylin Merve Olga Natalia Jens Lars Thorsten Holger Uwe
    Jürgen Klaus Dieter Rainer Bernd Henning Malte Finn Jonas Lukas Felix Moritz Tim Hauke Sönke
    Björn Jörg Günter Emre Mehmet Viktor Pawel
    """)
GERMAN_FAMILY = _listed("""
    Albers Andresen Behrens Böttcher Brandt Carstens Christiansen Clausen Demir Dittmer Ehlers
    Feddersen Fröhlich Gerdes Göttsch Greve Hagemann Hansen Harms Hinrichs Jacobsen Jensen Kaya
    Köhler Kowalski Kröger Kruse Lorenzen Lüders Mahnke Matthiesen Möller Nissen Nowak Ohlsen
    Petersen Quast Rehder Rohwer Schlüter Schröder Sievers Stahmer Thiessen Timm Vollstedt Voß
    Wagner Weiß Wulff Yilmaz Zöllner
    """)
ENGLISH_GIVEN = _listed("""
    Alice Amelia Charlotte Daisy Eleanor Fiona Grace Harriet Isla Jessica Lucy Megan Priya
    Rosie Sophie Zara Adam Benjamin Callum Daniel Edward George Harry Imran Jack Liam Nathan
    Oliver Rhys Samuel Thomas William
    """)
ENGLISH_FAMILY = _listed("""
    Ainsworth Barker Bennett Booth Carter Chapman Clarke Dawson Ellis Fletcher Gibson Hargreaves
    Holt Hughes Iqbal Kendall Lawson Marsden Naylor Osborne Parkin Patel Reid Sharma Shaw Stokes
    Sutcliffe Thornton Turner Walker Whitaker Wood
    """)
SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ö": "Oe", "Ü": "Ue"})


@dataclass(frozen=True)
class PersonName:
    """A name and the language its bearer works in."""

    given: str
    family: str
    language: str

    @property
    def full(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"

    def account(self, domain: str) -> str:
        """Return the mail address.

        >>> PersonName("Jürgen", "Voß", "de").account("firm.example")
        'juergen.voss@firm.example'
        """
        return f"{self.given}.{self.family}@{domain}".translate(SPELLED).lower()


def names_by_lot(seed: int, n: int, *, english_share: float = 0.2) -> list[PersonName]:
    """Return so many different names, in the order they are drawn."""
    rng = np.random.default_rng((seed, 11))
    names: dict[tuple[str, str], PersonName] = {}
    while len(names) < n:
        english = rng.random() < english_share
        givens = ENGLISH_GIVEN if english else GERMAN_GIVEN
        families = ENGLISH_FAMILY if english else GERMAN_FAMILY
        given = givens[rng.integers(len(givens))]
        family = families[rng.integers(len(families))]
        # a name that is drawn again stays where it was: accounts must differ
        names.setdefault((given, family), PersonName(given, family, "en" if english else "de"))
    return list(names.values())
