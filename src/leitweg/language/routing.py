"""The right contact in words: what is suggested, how sure it is, and why."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from leitweg.domain.routing import Evidence
from leitweg.domain.routing_answers import ReleasedContact, ReleasedRouting
from leitweg.language import forms
from leitweg.language.availability import standing_text
from leitweg.language.catalogue import has_text, translate

LONGEST_IN_DAYS = 60
_OF_CONTACTS = ("handed", "first", "unit")
_CIRCUMSTANCES = ("from", "first", "unit")
_NAMED_ATTRIBUTES = ("topic", "priority", "channel", "customer", "kind")


def headline(language: str, released: ReleasedRouting) -> str:
    """Return what to do: whom to send the request to, or among whom to choose."""
    contacts = released.contacts
    if not contacts:
        return translate(language, "routing.nobody")
    first = contacts[0]
    if not released.abstain:
        values = {"contact": first.contact, "share": probability_text(language, first.probability)}
        key = "routing.stays" if first.contact == released.holder else "routing.suggest"
        return translate(language, key, **values)
    key = f"routing.choose.{len(contacts) if len(contacts) <= 3 else 'many'}"
    return translate(language, key, n=forms.number(language, len(contacts), 0))


def probability_text(language: str, value: float) -> str:
    """Write a probability in whole per cent; what may be is never written as certain or never.

    >>> probability_text("en", 0.624), probability_text("en", 0.998), probability_text("en", 0.001)
    ('62%', 'over 99%', 'under 1%')
    """
    if 0 < value < 0.005:
        return translate(language, "form.under", share=forms.share(language, 0.01, 0))
    if 0.995 <= value < 1:
        return translate(language, "form.over", share=forms.share(language, 0.99, 0))
    return forms.share(language, value, 0)


def facts_of(language: str, released: ReleasedRouting) -> list[str]:
    """Return what else is known: the threshold, someone new, handovers to expect, the basis."""
    told = [
        translate(
            language, "routing.someone_new", share=probability_text(language, released.someone_new)
        )
    ]
    if released.expected_transfers is not None:
        n = forms.number(language, released.expected_transfers, 1)
        told.append(translate(language, "routing.transfers", n=n))
    if not _is_moot(released):
        told.append(_threshold(language, released.threshold))
    cases = forms.count(language, "case", released.n_learnt)
    return [*told, translate(language, "routing.basis", cases=cases)]


def _is_moot(released: ReleasedRouting) -> bool:
    """Say whether the threshold is reached and something else speaks against the first contact.

    A note tells what: nothing known of the request, an absence; or somebody else is likelier.
    """
    first = released.contacts[0].probability if released.contacts else 0.0
    return released.abstain and first >= released.threshold


def _threshold(language: str, threshold: float) -> str:
    if threshold >= 1:
        return translate(language, "routing.threshold.never")
    return translate(language, "routing.threshold", share=probability_text(language, threshold))


def notes_of(language: str, released: ReleasedRouting) -> list[str]:
    """Return what a reader must know of the request: what is unknown, missing or held back."""
    codes = [*released.notes]
    for held in ("counts_held_back", "similar_held_back"):
        found = (getattr(contact, held) for contact in released.contacts)
        codes += dict.fromkeys(code for code in found if code is not None)
    return [note_text(language, code) for code in codes]


def note_text(language: str, note: str) -> str:
    """Return the sentence of a note: a code, with names behind a colon where it has any.

    >>> note_text("en", "unknown-value: topic=Moon")
    'No case so far has this value: topic=Moon. It was not counted.'
    """
    code, _, names = note.partition(": ")
    for key in (f"routing.held_back.{code}", f"note.{code}"):
        if has_text(key):
            return translate(language, key, names=names)
    return note


def why_not_text(language: str, contact: ReleasedContact, zone: str) -> str:
    """Return why a contact is not available, and until when; nothing where it is."""
    if contact.available:
        return ""
    if contact.standing is None:
        return translate(language, "routing.not_available")
    return standing_text(language, contact.standing, zone)


def _or_code(language: str, key: str, code: str) -> str:
    return translate(language, key) if has_text(key) else code


def assigned_text(language: str, code: str) -> str:
    """Return why a request of a backlog goes elsewhere than to its likeliest contact, or stays."""
    return _or_code(language, f"routing.assigned.{code}", code)


def reason_sentence(language: str, reason: Evidence, now_us: int, zone: str = "UTC") -> str:
    """Return one reason as a sentence; days begin at midnight of the time zone.

    >>> bill = Evidence("attributes", 1.2, {"topic": "Bill"}, 140, 310, 0)
    >>> three_days = 3 * 86_400_000_000
    >>> reason_sentence("en", bill, three_days)
    'Topic Bill: resolved 140 of 310, the last one 3 days ago'
    >>> reason_sentence("de", bill, three_days)
    'Thema Bill: 140 von 310 gelöst, zuletzt vor 3 Tagen'
    """
    told = translate(language, _key(reason), **_places(language, reason))
    told = told[:1].upper() + told[1:]
    if reason.last_us is None:
        return told
    when = _when(language, reason, now_us, zone)
    return told + translate(language, "routing.reason.last", when=when)


def _key(reason: Evidence) -> str:
    """Return the key of the sentence: with as much of its counts as there is."""
    stem = f"routing.reason.{reason.kind}"
    if reason.kind in ("words", "profile"):
        return stem
    if reason.kind == "first" and "first" not in reason.values:
        return f"{stem}.holds"
    if reason.resolved is None:
        return f"{stem}.bare"
    return f"{stem}.{'n' if reason.cases is None else 'of'}"


def _places(language: str, reason: Evidence) -> dict[str, object]:
    values = dict(reason.values)
    who = {name: values.pop(name, "") for name in _CIRCUMSTANCES if reason.kind in _OF_CONTACTS}
    somebody = translate(language, "routing.who_had_it")
    told = values_text(language, values)
    return {
        "values": told,
        "about": f"{told}: " if values else "",
        "from": who.get("from") or somebody,
        "first": who.get("first") or somebody,
        "unit": who.get("unit") or translate(language, "routing.its_unit"),
        "resolved": forms.number(language, reason.resolved, 0),
        "cases": forms.number(language, reason.cases, 0),
    }


def values_text(language: str, values: Mapping[str, str]) -> str:
    """Write attributes with their values; one without a value is that of the request.

    >>> values_text("en", {"topic": "Bill", "product": "X1"}), values_text("de", {"customer": ""})
    ('Topic Bill, product X1', 'Kunde wie angefragt')
    """
    if not values:
        return translate(language, "routing.all_requests")
    told = ", ".join(_value(language, name, value) for name, value in values.items())
    return told[:1].upper() + told[1:]


def _value(language: str, name: str, value: str) -> str:
    known = name in _NAMED_ATTRIBUTES
    label = translate(language, f"routing.attribute.{name}") if known else name
    if not value:
        return translate(language, "routing.as_asked", name=label)
    return f"{label} {value}"


def _when(language: str, reason: Evidence, now_us: int, zone: str) -> str:
    """Write how long ago the last case was: in days while that tells something, else its date."""
    here = ZoneInfo(zone)
    now, last = (forms.moment(us).astimezone(here) for us in (now_us, reason.last_us or 0))
    days = (now.date() - last.date()).days
    if days < 0 or days > LONGEST_IN_DAYS:
        return translate(language, "routing.when.date", date=forms.date(language, last))
    key = {0: "routing.when.today", 1: "routing.when.yesterday"}.get(days, "routing.when.days")
    return translate(language, key, n=forms.number(language, days, 0))
