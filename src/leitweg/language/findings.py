"""How a finding is told: its title, its place, how sure it is, what it means, what comes next.

No text blames anybody or speaks about a person; where the log cannot tell, the text asks.
"""

from collections.abc import Mapping

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
MOST_NAMED = 3
_SHARES = ("share", "via_share", "share_via", "detour_share")


def kind_name(kind: str, language: str) -> str:
    """Return the name of a kind; one nobody wrote a text for shows its own name."""
    key = f"finding.{kind}.name"
    return translate(language, key) if has_text(key) else kind.replace("_", " ")


def is_question(finding: Finding) -> bool:
    """Say whether the log alone cannot decide, so that the finding is worded as a question.

    Of a detour it cannot tell whether it is needed, nor of a long way where nothing shows that
    those between add nothing.
    """
    if finding.certainty > QUESTION_UP_TO:
        return False
    unsure = finding.kind == "gap" and finding.evidence.get("between_adds_nothing") is False
    return finding.kind == "misrouting" or unsure


def is_at_risk(finding: Finding) -> bool:
    """Say whether the price is what may be lost, not what is: it stands in no sum."""
    return finding.kind == "key_position"


def _variant(finding: Finding) -> str:
    if is_question(finding):
        return ".question"
    if finding.kind in ("slow_link", "bottleneck") and finding.evidence.get("backlog_date"):
        return ".backlog"
    if finding.kind == "bottleneck" and finding.evidence.get("cannot_be_told_from_slow_link"):
        return ".alone"
    if finding.kind == "dead_end" and not finding.evidence.get("still_open"):
        return ".closed"
    return _variant_in_depth(finding)


def _variant_in_depth(finding: Finding) -> str:
    if finding.kind == "gap" and _names(finding.evidence.get("definitions")) == ["expected"]:
        return ".expected"
    if finding.kind == "silo" and len(_names(finding.evidence.get("units"))) > 1:
        return ".block"
    if finding.kind == "key_position" and finding.price is None and not finding.held_back:
        return ".no_price"
    return ""


def _names(value: object) -> list[str | None]:
    """Return the names of a fact; None stands for a unit of too few people to be named."""
    if isinstance(value, list | tuple):
        return [None if name is None else str(name) for name in value]
    return [str(value)] if value else []


def _joined(names: list[str | None], language: str) -> str:
    """Join names as a sentence does; of many, two are named and the rest is counted."""
    known = [name for name in names if name is not None]
    if not known and len(names) > 1:
        return translate(language, "evidence.more_units", n=forms.number(language, len(names), 0))
    quoted = [_quoted(name, language) for name in names]
    unnamed = len(names) - len(known)
    if len(quoted) > MOST_NAMED or unnamed > 1:
        shown = [_quoted(name, language) for name in known][: MOST_NAMED - 1]
        n = forms.number(language, len(names) - len(shown), 0)
        return f"{', '.join(shown)} {translate(language, 'word.and_more', n=n)}"
    *first, last = quoted
    return translate(language, "word.and").join([", ".join(first), last]) if first else last


def _quoted(name: str | None, language: str) -> str:
    if name is None:
        return translate(language, "evidence.another_unit")
    return translate(language, "finding.quoted", name=name)


def _between(finding: Finding, language: str) -> str:
    names = _names(finding.evidence.get("usual_way"))
    return _joined(names, language) if names else translate(language, "finding.gap.others")


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
            part = forms.share(language, float(value))
            return translate(language, "finding.misrouting.question.share", share=part)
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
    if finding.kind == "misrouting" and is_question(finding):
        values["share"] = _share(finding, language)
    if finding.kind == "gap":
        values["between"] = _between(finding, language)
    if finding.kind == "silo":
        block = _names(finding.evidence.get("units")) or [values["unit"]]
        values["block"] = _joined(block, language)
    if finding.kind == "key_position":
        values["position"] = finding.where.get("position") or unknown
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
    'Cases wait long on the way from Sales to Claims (topic tariff)'
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
    others = len(_names(finding.evidence.get("units"))) - 1 if finding.kind == "silo" else 0
    if place and others > 0:
        more = translate(language, "word.and_more", n=forms.number(language, others, 0))
        place = f"{place} {more}"
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
        (translate(language, f"word.{name}") if has_text(f"word.{name}") else name, value)
        for name, value in finding.where.items()
    ]


def certainty_level(finding: Finding) -> str:
    """Return the level of certainty: high, likely, question (it cannot decide) or weak."""
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


def finding_router(finding: Finding, language: str) -> str:
    """Return what the router would have saved, in one sentence; empty where nothing tells it."""
    saved = finding.evidence.get("router_saved_hours_per_month")
    share = finding.evidence.get("router_spared_share")
    if not isinstance(saved, Mapping) or not isinstance(share, int | float):
        return ""
    outcome = "saved" if saved["low"] > 0 else "unsure"
    return translate(
        language,
        f"finding.misrouting{_variant(finding)}.router.{outcome}",
        share=forms.share(language, share),
        hours=forms.hours_per_month(language, saved["value"]),
        interval=forms.interval(language, saved["low"], saved["high"]),
    )


def finding_meaning(finding: Finding, language: str) -> str:
    """Return what the finding means, and what else the evidence says of its cause."""
    meaning = _told(finding, language, "meaning")
    if finding.kind == "slow_link" and _mostly_at_sender(finding):
        values = _values(finding, language)
        return f"{meaning} {translate(language, 'finding.slow_link.lay_at_sender', **values)}"
    if finding.kind == "bottleneck" and finding.evidence.get("load_slope"):
        return f"{meaning} {translate(language, 'finding.bottleneck.follows_load')}"
    return meaning


def _mostly_at_sender(finding: Finding) -> bool:
    share = finding.evidence.get("lay_at_sender_share")
    return isinstance(share, float) and share > 0.5


def finding_next(finding: Finding, language: str) -> str:
    """Return what to look at next."""
    return _told(finding, language, "next")


def finding_price(finding: Finding, language: str) -> str:
    """Write the price with its interval.

    A smooth link saves, a key position puts at risk, a log without a clock has no price.
    """
    if finding.price is None:
        return translate(language, "finding.price.none")
    text = forms.price(language, finding.price)
    if finding.kind == "smooth_link":
        return translate(language, "finding.price.saved", price=text)
    if is_at_risk(finding):
        return translate(language, "finding.price.at_risk", price=text)
    return text
