"""The JSON document of a comparison. Names are added to and never renamed."""

from leitweg.domain.comparison import (
    Change,
    FigureChange,
    FindingChange,
    Mix,
    Part,
    PlaceChange,
    ReleasedComparison,
    Side,
)
from leitweg.language.comparison import side_name
from leitweg.language.findings import finding_title
from leitweg.language.sentences import told_sentence
from leitweg.studies.json_forms import Json, estimate_json, iso_time, reasons_json


def comparison_document(released: ReleasedComparison, language: str) -> Json:
    """Return a comparison as JSON: numbers unrounded, times in UTC, reasons beside nulls."""
    return {
        "profile": released.profile,
        "k": released.k,
        "level": released.level,
        "seed": released.seed,
        "language": language,
        "kind": released.kind,
        "first": _side(released.first, language),
        "second": _side(released.second, language),
        "figures": [_figure(figure) for figure in released.figures],
        "units": [_place(row) for row in released.units],
        "links": [_place(row) for row in released.links],
        "findings": [_finding(row, language) for row in released.findings],
        "mix": _mix(released.mix),
        "units_only_first": list(released.units_only_first),
        "units_only_second": list(released.units_only_second),
        "tested": dict(released.tested),
        "notes": [told_sentence(language, note) for note in released.notes],
        "note_codes": list(released.notes),
    }


def _side(side: Side, language: str) -> Json:
    return {
        "name": side_name(side, language),
        "part": _part(side.part),
        "start": iso_time(side.period.start_us),
        "end": iso_time(side.period.end_us),
        "months": side.period.months,
        "cases": side.cases,
        "events": side.events,
        "people": side.people,
        "units": side.units,
        "events_without_person_share": side.events_without_person_share,
        "events_without_unit_share": side.events_without_unit_share,
        **reasons_json(held_back=side.held_back),
    }


def _part(part: Part | None) -> Json | None:
    return None if part is None else {"by": part.by, "value": part.value}


def _change(change: Change) -> Json:
    estimates = {
        name: estimate_json(estimate)
        for name, estimate in (
            ("first", change.first),
            ("second", change.second),
            ("difference", change.difference),
            ("ratio", change.ratio),
        )
    }
    return {
        **estimates,
        "statement": change.statement,
        "p_value": change.p_value,
        **reasons_json(why=change.why, held_back=change.held_back),
    }


def _figure(figure: FigureChange) -> Json:
    return {
        "name": figure.name,
        "unit_of_measure": figure.unit_of_measure,
        "n_cases_first": figure.n_cases_first,
        "n_cases_second": figure.n_cases_second,
        "n_people_first": figure.n_people_first,
        "n_people_second": figure.n_people_second,
        **_change(figure.change),
        "same_mix": _change(figure.same_mix),
    }


def _place(row: PlaceChange) -> Json:
    place = (
        {"unit": row.unit}
        if row.unit is not None
        else {"from_unit": row.from_unit or None, "to_unit": row.to_unit or None}
    )
    return {
        **place,
        "receipts_first": row.receipts_first,
        "receipts_second": row.receipts_second,
        "n_people_first": row.n_people_first,
        "n_people_second": row.n_people_second,
        "waiting_hours_per_case": _change(row.per_case),
        "waiting_hours_per_receipt": _change(row.per_receipt),
        **reasons_json(held_back=row.held_back),
    }


def _finding(row: FindingChange, language: str) -> Json:
    shown = row.shown
    return {
        "id": shown.id,
        "kind": row.kind,
        "title": finding_title(shown, language),
        "unit": shown.unit,
        "from_unit": shown.from_unit,
        "to_unit": shown.to_unit,
        "where": dict(shown.where),
        "became": row.became,
        "n_cases_first": row.first.n_cases if row.first else None,
        "n_cases_second": row.second.n_cases if row.second else None,
        "certainty_first": row.first.certainty if row.first else None,
        "certainty_second": row.second.certainty if row.second else None,
        "n_people_first": row.n_people_first,
        "n_people_second": row.n_people_second,
        "waiting_hours_per_month": _change(row.price),
        "waiting_hours_per_case": _change(row.price_per_case),
        "hours_at_place_per_case": _change(row.at_place),
    }


def _mix(mix: Mix) -> Json:
    return {
        "moved_share": mix.moved_share,
        "differs": mix.differs,
        "common_share": mix.common_share,
        "topics": [
            {
                "topic": row.topic,
                "cases_first": row.cases_first,
                "cases_second": row.cases_second,
                "n_people_first": row.n_people_first,
                "n_people_second": row.n_people_second,
                **reasons_json(held_back=row.held_back),
            }
            for row in mix.topics
        ],
        **reasons_json(why=mix.why, held_back=mix.held_back),
    }
