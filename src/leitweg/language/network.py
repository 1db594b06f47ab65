"""The network of units in words: what a figure says, how a unit stands in it, why there is none."""

from collections.abc import Mapping, Sequence

from leitweg.domain.findings import Estimate
from leitweg.domain.network import Network, NetworkFigure, NetworkUnit
from leitweg.domain.situation import Figure
from leitweg.language import forms
from leitweg.language.catalogue import has_text, translate
from leitweg.language.reasons import reason_text

ROLES = ("coordinator", "gatekeeper", "representative", "itinerant", "liaison")
SHARES = ("reciprocity", "communities_stability", "density")
COUNTS = ("communities", "isolates")
MOST_ROLES = 2
CLEARLY = 2.0
"""Standard deviations from which a value is called more or less than chance."""


def network_label(language: str, name: str) -> str:
    """Return the name people read; one nobody wrote a text for shows its own name."""
    for key in (f"network.{name}.label", f"figure.{name}.label"):
        if has_text(key):
            return translate(language, key)
    return name.replace("_", " ")


def network_value(language: str, name: str, value: float | None) -> str:
    """Write a value of the network in its unit of measure.

    >>> network_value("en", "reciprocity", 0.68), network_value("de", "communities", 3.0)
    ('68%', '3')
    """
    if name in SHARES:
        return forms.share(language, value)
    if name in COUNTS:
        return forms.number(language, value, 0)
    return forms.number(language, value, 2)


def network_interval(language: str, name: str, estimate: Estimate | None) -> str:
    """Write an interval, or nothing where there is none."""
    if estimate is None or estimate.low == estimate.high == estimate.value:
        return ""
    low, high = (network_value(language, name, v) for v in (estimate.low, estimate.high))
    return translate(language, "form.interval", low=low, high=high)


def against_chance(language: str, figure: NetworkFigure) -> str:
    """Return how a value stands to what chance alone would give, in words.

    >>> against_chance("en", NetworkFigure("e_i_index", Estimate(0.2, 0.1, 0.3), 0.4, -5.3))
    'this is clearly less'
    """
    if figure.value is None or figure.z is None:
        return ""
    if abs(figure.z) < CLEARLY:
        return translate(language, "network.chance.alike")
    return translate(language, f"network.chance.{'more' if figure.z > 0 else 'less'}")


def _told(language: str, figure: NetworkFigure, *, ties: bool, people: bool) -> str:
    if figure.value is None or not has_text(f"network.{figure.name}.told"):
        return ""
    value = figure.value.value
    key = _worded(figure.name, value, ties=ties, people=people)
    values = {
        "n": network_value(language, figure.name, value),
        "outside": forms.share(language, _outside(value)),
        "chance": against_chance(language, figure),
        "level": translate(language, f"network.level.{_level(value)}"),
    }
    sentence = translate(language, key, **values)
    if figure.expected is None or not values["chance"]:
        return sentence
    expected = network_value(language, figure.name, figure.expected)
    if figure.name == "e_i_index":
        expected = forms.share(language, _outside(figure.expected))
    values = {"expected": expected, "chance": values["chance"]}
    return f"{sentence} {translate(language, 'network.chance.told', **values)}"


def _worded(name: str, value: float, *, ties: bool, people: bool) -> str:
    """Return the key of the sentence that fits: of all or none, of one, of people, of ties."""
    key = f"network.{name}.told"
    if name == "e_i_index" and abs(value) == 1:
        key += "_all" if value > 0 else "_none"
    if name == "communities" and round(value) == 1:
        key += "_one"
    if people and has_text(f"{key}_people"):
        key += "_people"
    return f"{key}_ties" if ties and has_text(f"{key}_ties") else key


def _outside(e_i_index: float) -> float:
    """Return the share that leads outside: (E - I) / (E + I) = 2 E / (E + I) - 1."""
    return (1 + e_i_index) / 2


def _level(value: float) -> str:
    return "high" if value >= 0.65 else "middle" if value >= 0.25 else "low"


def network_sentences(language: str, network: Network, *, people: bool = False) -> list[str]:
    """Return one sentence for each figure of the company that has one, in plain words.

    ``people``: the figures stand between people, as they do wherever people are known; the rows
    of the network may still be units.
    """
    told = (
        _told(language, figure, ties=network.from_ties, people=people) for figure in network.figures
    )
    return [sentence for sentence in told if sentence]


def network_absent(language: str, network: Network) -> str:
    """Return why no network can be shown, and what would help."""
    reason = reason_text(language, network.why or "no-transactions")
    return translate(language, "network.none", reason=reason)


def congruence_sentence(language: str, figures: Sequence[Figure]) -> str:
    """Return how many of the links that the cases need are used, or nothing where unknown."""
    for figure in figures:
        if figure.name == "socio_technical_congruence_share" and figure.value is not None:
            if figure.value == 1:
                return translate(language, "absent.congruence.all")
            # 999 of 1,000 are not all
            n = forms.number(language, min(99, round(100 * figure.value)), 0)
            return translate(language, "absent.congruence", n=n)
    return ""


def figures_without_value(language: str, figures: Sequence[NetworkFigure]) -> list[str]:
    """Return one sentence for each reason, with the figures that it leaves without a value."""
    names: dict[str, list[str]] = {}
    for figure in figures:
        reason = figure.held_back or figure.why
        if figure.value is None and reason:
            names.setdefault(reason, []).append(network_label(language, figure.name))
    return [
        translate(
            language,
            "situation.without_value",
            reason=reason_text(language, reason),
            figures="; ".join(found),
        )
        for reason, found in names.items()
    ]


def roles(language: str, brokerage: Mapping[str, float]) -> str:
    """Return the two most frequent roles in which a unit stands between others, with their share.

    >>> roles("en", {"liaison": 7.0, "gatekeeper": 3.0, "itinerant": 0.0})
    'bridge 70%, entrance 30%'
    """
    known = [(n, ROLES.index(r), r) for r, n in brokerage.items() if r in ROLES and n > 0]
    known.sort(key=lambda found: (-found[0], found[1]))
    total = sum(n for n, _, _ in known)
    return ", ".join(
        f"{translate(language, f'network.role.{role}')} {forms.share(language, n / total, 0)}"
        for n, _, role in known[:MOST_ROLES]
    )


def ordered_units(network: Network) -> list[NetworkUnit]:
    """Return the nodes by community, the strongest first; persons stand in the order of names.

    A table of persons is no ranking.
    """

    def order(unit: NetworkUnit) -> tuple[bool, float, float, str]:
        strength = (unit.strength_in or 0.0) + (unit.strength_out or 0.0)
        rank = 0.0 if network.nodes == "person" else -strength
        community = float("inf") if unit.community is None else float(unit.community)
        return (unit.held_back is not None, community, rank, unit.unit)

    return sorted(network.units, key=order)
