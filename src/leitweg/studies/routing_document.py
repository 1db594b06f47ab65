"""The JSON documents of the right contact: one request, a backlog (contract, section 5)."""

from dataclasses import asdict

from leitweg.domain.assignments import Assigned
from leitweg.domain.routing import Evidence
from leitweg.domain.routing_answers import ReleasedBacklog, ReleasedContact, ReleasedRouting
from leitweg.language.routing import (
    assigned_text,
    headline,
    note_text,
    notes_of,
    reason_sentence,
)
from leitweg.studies.json_forms import Json, iso_time


def route_document(released: ReleasedRouting, language: str = "en") -> Json:
    """Return the right contacts as JSON: numbers unrounded, times in UTC, null for what is held.

    ``reasons`` carry their sentence in the language and the numbers it was made of.
    """
    contacts = enumerate(released.contacts, 1)
    return {
        "profile": released.profile,
        "language": language,
        "level": released.level,
        "abstain": released.abstain,
        "threshold": released.threshold,
        "expected_transfers": released.expected_transfers,
        "someone_new": released.someone_new,
        "n_learnt": released.n_learnt,
        "advice": headline(language, released),
        "contacts": [_contact(i, contact, released, language) for i, contact in contacts],
        "notes": notes_of(language, released),
        "note_codes": list(released.notes),
    }


def _contact(
    place: int, contact: ReleasedContact, released: ReleasedRouting, language: str
) -> Json:
    similar = None if contact.similar_held_back else list(contact.similar)
    found: Json = {
        "rank": place,
        "contact": contact.contact,
        "probability": contact.probability,
        "available": contact.available,
        "reasons": [_reason(reason, released, language) for reason in contact.reasons],
        "similar_cases": similar,
    }
    if not contact.available:
        standing = contact.standing
        found["why_not"] = None if standing is None else standing.why
        found["available_from"] = None if standing is None else iso_time(standing.next_us)
    if contact.similar_held_back:
        found["held_back"] = contact.similar_held_back
    if contact.counts_held_back:
        found["counts_held_back"] = contact.counts_held_back
    return found


def _reason(reason: Evidence, released: ReleasedRouting, language: str) -> Json:
    return {
        "text": reason_sentence(language, reason, released.now_us, released.zone),
        "weight": reason.weight,
        "kind": reason.kind,
        "values": dict(reason.values),
        "resolved": reason.resolved,
        "cases": reason.cases,
        "last_at": iso_time(reason.last_us),
    }


def backlog_document(released: ReleasedBacklog, language: str = "en") -> Json:
    """Return who takes which request of a backlog as JSON."""
    found = released.assignment
    return {
        "profile": released.profile,
        "language": language,
        "level": released.level,
        "requests": [_assigned(row, language) for row in found.rows],
        "compared": {name: asdict(figures) for name, figures in found.compared.items()},
        "price": found.price,
        "cap": found.cap,
        "notes": [note_text(language, note) for note in released.notes],
        "note_codes": list(released.notes),
    }


def _assigned(row: Assigned, language: str) -> Json:
    told: Json = {
        "case_id": row.case_id,
        "contact": row.contact,
        "probability": row.probability,
        "available": row.available,
        "first": list(row.first),
    }
    if row.why is not None:
        told |= {"why": row.why, "why_text": assigned_text(language, row.why)}
    return told
