"""The JSON documents that machines read: situation, import, problem (contract, sections 2 to 4).

Names are pinned by a test: add freely, rename nothing.
"""

from dataclasses import asdict

from leitweg.domain.errors import (
    AccessError,
    AuthenticationError,
    KeyFileError,
    LeitwegError,
    SourceError,
    WorkspaceError,
)
from leitweg.domain.findings import Finding
from leitweg.domain.imports import ImportedFile
from leitweg.domain.situation import (
    Coverage,
    Figure,
    LinkRow,
    LoadRow,
    Period,
    ReleasedSituation,
    UnitRow,
)
from leitweg.language.catalogue import DEFAULT, catalogue, has_text, translate
from leitweg.language.findings import finding_title
from leitweg.language.sentences import told_sentence
from leitweg.studies.import_report import ImportReport
from leitweg.studies.json_forms import Json, estimate_json, iso_time, reasons_json
from leitweg.studies.network_document import network_document


def _period(period: Period, language: str) -> Json:
    missing = reasons_json("no-clock" if period.start_us is None else None, None)
    return {
        "start": iso_time(period.start_us),
        "end": iso_time(period.end_us),
        "months": period.months,
        "rule": told_sentence(language, period.rule),
        **missing,
    }


def _coverage(coverage: Coverage, language: str) -> Json:
    told = [told_sentence(language, note) for note in coverage.missing]
    return {**asdict(coverage), "missing": told, "missing_codes": list(coverage.missing)}


def _figure(figure: Figure) -> Json:
    value: float | int | None = figure.value
    if value is not None and figure.unit_of_measure == "count" and float(value).is_integer():
        value = int(value)
    return {
        "name": figure.name,
        "value": value,
        "low": figure.low,
        "high": figure.high,
        "unit_of_measure": figure.unit_of_measure,
        "n_cases": figure.n_cases,
        "n_people": figure.n_people,
        **reasons_json(figure.why, figure.held_back),
    }


def _unit(row: UnitRow) -> Json:
    return {
        "unit": row.unit or None,
        "people": row.people,
        "n_cases": row.n_cases,
        "stage": row.stage,
        "direct_share": row.direct_share,
        "distance_handovers": row.distance_handovers,
        "customer_weight": row.customer_weight,
        "holding_hours_median": row.holding_hours_median,
        "waiting_hours_per_month": estimate_json(row.waiting_hours_per_month),
        "causes": dict(row.causes),
        **reasons_json(row.why, row.held_back),
    }


def _load(row: LoadRow) -> Json:
    return {
        "unit": row.unit,
        "position": row.position,
        "people": row.people,
        "n_cases": row.n_cases,
        "working_hours_per_month": estimate_json(row.working_hours_per_month),
        "utilisation": estimate_json(row.utilisation),
        "busy_weeks_share": row.busy_weeks_share,
        "backlog_median": row.backlog_median,
        "top_share": row.top_share,
        **reasons_json(row.why, row.held_back),
    }


def _link(row: LinkRow) -> Json:
    return {
        "from_unit": row.from_unit or None,
        "to_unit": row.to_unit or None,
        "handovers": row.handovers,
        "cases": row.cases,
        "n_people": row.n_people,
        "waiting_hours_median": row.waiting_hours_median,
        "waiting_hours_p90": row.waiting_hours_p90,
        "waiting_hours_per_month": row.waiting_hours_per_month,
        "holding_hours_median": row.holding_hours_median,
        "causes": dict(row.causes),
        **reasons_json(row.why, row.held_back),
    }


def _finding(finding: Finding, language: str) -> Json:
    return {
        "id": finding.id,
        "kind": finding.kind,
        "level": finding.level,
        "title": finding_title(finding, language),
        "unit": finding.unit,
        "from_unit": finding.from_unit,
        "to_unit": finding.to_unit,
        "where": dict(finding.where),
        "waiting_hours_per_month": estimate_json(finding.price),
        "n_cases": finding.n_cases,
        "n_people": finding.n_people,
        "n_handovers": finding.n_handovers,
        "certainty": finding.certainty,
        "evidence": dict(finding.evidence),
        **reasons_json(finding.why, finding.held_back),
    }


def situation_document(released: ReleasedSituation, language: str) -> Json:
    """Return the situation as the contract writes it; titles are in the language.

    What cannot be estimated is null beside ``why``, what the privacy door holds back is null
    beside ``held_back``; times are UTC, numbers unrounded.
    """
    return {
        "profile": released.profile,
        "k": released.k,
        "level": released.level,
        "seed": released.seed,
        "language": language,
        "period": _period(released.period, language),
        "coverage": _coverage(released.coverage, language),
        "figures": [_figure(figure) for figure in released.figures],
        "units": [_unit(row) for row in released.units],
        "links": [_link(row) for row in released.links],
        "network": network_document(released.network),
        "loads": [_load(row) for row in released.loads],
        "findings": [_finding(finding, language) for finding in released.findings],
        "notes": [told_sentence(language, note) for note in released.notes],
    }


def import_document(report: ImportReport, *, dry_run: bool = False) -> Json:
    """Return the report on an import; a dry run adds samples of what would be stored."""
    document: Json = {
        "profile": report.profile,
        "dry_run": dry_run,
        "imported": [_imported(file) for file in report.imported],
        "warnings": list(report.warnings),
        "purpose_off": report.purpose_off,
    }
    if dry_run:
        document["samples"] = {name: list(rows) for name, rows in report.samples.items()}
    return document


def _imported(file: ImportedFile) -> Json:
    listed = ("attributes", "left_over", "warnings", "machine_proposals")
    return {**asdict(file), **{name: list(getattr(file, name)) for name in listed}}


def error_sentence(error: LeitwegError, language: str) -> str:
    """Return the sentence of an error: translated where that can be, else as it was raised.

    A translation needs the fields that it names; one that lacks them would say less than the
    sentence that was raised.
    """
    key = f"error.{error.code}"
    if language != DEFAULT and has_text(key):
        try:
            return catalogue(language)[key].format(**error.fields)
        except (KeyError, IndexError, ValueError):
            return told_sentence(language, error.detail)
    return told_sentence(language, error.detail)


def _status(error: LeitwegError) -> int:
    if isinstance(error, AuthenticationError):
        return 401
    if isinstance(error, KeyFileError | AccessError):
        return 403
    if isinstance(error, WorkspaceError):
        return 409
    return 422 if isinstance(error, SourceError) else 400


def problem_document(error: LeitwegError, language: str = "en") -> Json:
    """Return a domain error as a problem document (RFC 9457) with its code and fields.

    Title and detail are in the language.

    References
    ----------
    RFC 9457, Problem Details for HTTP APIs.
    """
    fields = {name: value for name, value in error.fields.items() if name not in _RESERVED}
    return {
        "type": f"urn:leitweg:problem:{error.code}",
        "title": _title(error, language),
        "status": _status(error),
        "detail": error_sentence(error, language),
        "code": error.code,
        **fields,
    }


def _title(error: LeitwegError, language: str) -> str:
    # a class that brings no title of its own bears that of its parent
    named = next(kind for kind in type(error).__mro__ if "title" in vars(kind))
    key = f"error_title.{named.__name__}"
    return translate(language, key) if has_text(key) else error.title


_RESERVED = frozenset({"type", "title", "status", "detail", "code"})


def slip_document(kind: str, detail: str, language: str = DEFAULT) -> Json:
    """Return a programmer's slip as a problem document; the details stay inside."""
    return {
        "type": "urn:leitweg:problem:internal",
        "title": translate(language, "error_title.slip"),
        "status": 500,
        "detail": detail,
        "code": "internal",
        "kind": kind,
    }
