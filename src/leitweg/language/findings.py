"""How a finding is told: its title, its place, how sure it is, what it means, what comes next.

No text blames anybody or speaks about a person; where the log cannot tell, the text asks.
"""

from leitweg.domain.findings import Finding
from leitweg.language import forms
from leitweg.language.catalogue import has_text, translate

KINDS_WITH_TEXTS = (
    "slow_link",
    "ping_pong",
    "misrouting",
    "bottleneck",
    "gap",
    "dead_end",
    "silo",
    "overload",
    "key_position",
    "smooth_link",
    "strain",
    "idea_gap",
)
QUESTION_UP_TO = 0.5
_SHARES = ("share", "via_share", "share_via", "detour_share")


def kind_name(kind: str, language: str) -> str:
    """Return the name of a kind; one nobody wrote a text for shows its own name."""
    key = f"finding.{kind}.name"
    return translate(language, key) if has_text(key) else kind.replace("_", " ")


def is_question(finding: Finding) -> bool:
    """Say whether the log alone cannot decide, so that the finding is worded as a question."""
    return finding.kind == "misrouting" and finding.certainty <= QUESTION_UP_TO


def _variant(finding: Finding) -> str:
    if is_question(finding):
        return ".question"
    if finding.kind in ("slow_link", "bottleneck") and finding.evidence.get("backlog_date"):
        return ".backlog"
    if finding.kind == "bottleneck" and finding.evidence.get("cannot_be_told_from_slow_link"):
        return ".alone"
    if finding.kind == "dead_end" and not finding.evidence.get("still_open"):
        return ".closed"
    return ""


def _topic(finding: Finding, language: str) -> str:
    topic = finding.where.get("topic")
    return translate(language, "finding.topic", topic=topic) if topic else ""


def _way(finding: Finding, language: str) -> str:
    if not finding.from_unit:
        return ""
    if finding.to_unit and finding.to_unit != finding.unit:
        ends = {"from_unit": finding.from_unit, "to_unit": finding.to_unit}
        return translate(language, "finding.way", **ends)
    return translate(language, "finding.way.from", from_unit=finding.from_unit)


def _share(finding: Finding, language: str) -> str:
    for name in _SHARES:
        value = finding.evidence.get(name)
        if isinstance(value, int | float):
            return forms.share(language, float(value))
    return translate(language, "finding.misrouting.question.some")


def _values(finding: Finding, language: str) -> dict[str, str]:
    unknown = translate(language, "finding.place.unknown")
    values = {
        "unit": finding.unit or finding.to_unit or unknown,
        "from_unit": finding.from_unit or unknown,
        "to_unit": finding.to_unit or unknown,
        "topic": _topic(finding, language),
        "way": _way(finding, language),
        "share": "",
        "date": "",
    }
    if is_question(finding):
        values["share"] = _share(finding, language)
    if backlog := finding.evidence.get("backlog_date"):
        values["date"] = forms.date(language, str(backlog))
    return values


def finding_title(finding: Finding, language: str) -> str:
    """Return the title of a finding.

    A backlog that was cleared on one day is called that, not slow; misrouting that the log cannot
    decide is a question; a bottleneck that cannot be told from a slow link says so.

    >>> from leitweg.domain.findings import Estimate
    >>> f = Finding("1", "slow_link", "unit", None, "Sales", "Claims", {"topic": "tariff"},
    ...             Estimate(3.0, 2.0, 4.0), 40, 7, 0.9)
    >>> finding_title(f, "en")
    'Requests wait long between Sales and Claims (topic tariff)'
    """
    key = f"finding.{finding.kind}{_variant(finding)}.title"
    if not has_text(key):
        key = f"finding.{finding.kind}.title"
    if not has_text(key):
        return f"{kind_name(finding.kind, language)}: {finding_place(finding, language)}"
    return translate(language, key, **_values(finding, language))


def finding_place(finding: Finding, language: str) -> str:
    """Return where the finding is: a unit, or a way from one to another, narrowed by topic."""
    place = finding.unit or ""
    if finding.unit and finding.from_unit and not finding.to_unit:
        place = f"{finding.from_unit} → {finding.unit}"
    elif finding.from_unit or finding.to_unit:
        ends = f"{finding.from_unit or '…'} → {finding.to_unit or '…'}"
        between = f"{finding.from_unit or '…'} ↔ {finding.to_unit or '…'}"
        way = between if finding.kind == "ping_pong" else ends
        place = f"{place} ({way})" if place else way
    narrowed = "".join(f", {name}: {value}" for name, value in _narrowing(finding, language))
    return (place or translate(language, "finding.place.unknown")) + narrowed


def _narrowing(finding: Finding, language: str) -> list[tuple[str, str]]:
    return [
        (translate(language, "word.topic") if name == "topic" else name, value)
        for name, value in finding.where.items()
    ]


def certainty_level(finding: Finding) -> str:
    """Return the level of certainty: high, likely, question (misrouting up to 0.5) or weak."""
    if finding.certainty >= 0.8:
        return "high"
    if finding.certainty > QUESTION_UP_TO:
        return "likely"
    return "question" if is_question(finding) else "weak"


def certainty_words(finding: Finding, language: str) -> str:
    """Return how sure the finding is, in words."""
    return translate(language, f"certainty.{certainty_level(finding)}")


def _told(finding: Finding, language: str, part: str) -> str:
    variant = _variant(finding)
    keys = [f"finding.{finding.kind}{variant}.{part}", f"finding.{finding.kind}.{part}"]
    if variant == ".backlog":
        keys.insert(0, f"finding.backlog.{part}")
    for key in keys:
        if has_text(key):
            return translate(language, key, **_values(finding, language))
    return ""


def finding_counterfactual(finding: Finding, language: str) -> str:
    """Return against what the price is measured, in one sentence."""
    return _told(finding, language, "counterfactual")


def finding_meaning(finding: Finding, language: str) -> str:
    """Return what the finding means."""
    return _told(finding, language, "meaning")


def finding_next(finding: Finding, language: str) -> str:
    """Return what to look at next."""
    return _told(finding, language, "next")


def finding_price(finding: Finding, language: str) -> str:
    """Write the price with its interval; a smooth link saves, a log without a clock has none."""
    if finding.price is None:
        return translate(language, "finding.price.none")
    text = forms.price(language, finding.price)
    if finding.kind == "smooth_link":
        return translate(language, "finding.price.saved", price=text)
    return text
