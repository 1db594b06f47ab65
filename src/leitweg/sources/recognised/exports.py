"""Which known export a table is, if any."""

from collections.abc import Callable, Sequence

from leitweg.sources.clocks import Clock
from leitweg.sources.raw import RawTable
from leitweg.sources.recognised import (
    directories,
    jira,
    message_trace,
    otrs,
    servicenow,
    telephone,
    viva,
    zammad,
)
from leitweg.sources.recognised.recognised import Recognised

Matches = Callable[[Sequence[str]], bool]
Recognise = Callable[[RawTable, Clock], Recognised]

EXPORTS: tuple[tuple[str, Matches, Recognise], ...] = (
    ("events", servicenow.matches, servicenow.recognise),
    ("events", zammad.matches, zammad.recognise),
    ("events", otrs.matches, otrs.recognise),
    ("events", jira.matches, jira.recognise),
    ("cases", zammad.report_matches, zammad.recognise_report),
    ("messages", message_trace.matches, message_trace.recognise),
    ("messages", telephone.matches, telephone.recognise),
    ("ties", viva.matches, viva.recognise),
    ("people", directories.entra_matches, directories.recognise_entra),
    ("people", directories.sap_matches, directories.recognise_sap),
)


def recognise(raw: RawTable, kind: str, clock: Clock) -> Recognised | None:
    """Return what is known of an export by its columns, or None where it is of no known system.

    Parameters
    ----------
    raw
        The table, cleaned.
    kind
        What the user said it is, or ``auto``.
    clock
        Zone and order of day and month.
    """
    for of_kind, matches, read in EXPORTS:
        asked = kind == "viva" and read is viva.recognise
        if (asked or kind in ("auto", of_kind)) and matches(raw.columns):
            return read(raw, clock)
    return None
