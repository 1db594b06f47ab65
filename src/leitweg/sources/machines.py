"""Which accounts are machines: named by the user, or proposed by name and rhythm."""

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.tables import PEOPLE
from leitweg.sources.words import folded

MIN_EVENTS = 500
MIN_HOURS = 22
MIN_UNITS = 5
MIN_HOUR_SHARE = 0.005
"""An hour counts as active from this share of the account's events on, so that a late evening
now and then does not make a person a machine."""

MAX_RESTLESS_SHARE = 0.1
"""Where more accounts than that never sleep, the log has no nights, and rhythm tells nothing."""

_HOUR_US = 3_600_000_000
_NAMES = re.compile(
    r"\b(system\w*|siebel|batch\w*|auto|automat\w*|autom\w*|no ?reply|do not reply|donotreply"
    r"|daemon|workflow\w*|bot|chatbot|robot\w*|scheduler|cron\w*|service account|svc|mailer"
    r"|postmaster|root|interface|schnittstelle|monitoring|nagios|jenkins|zabbix|rpa|integration"
    r"|hintergrund\w*|technischer (?:user|benutzer|nutzer)|technical user|api|etl|migration)\b"
)


def propose_machines(
    persons: pa.Array, at_us: pa.Array | None, units: pa.Array | None
) -> tuple[str, ...]:
    """Return accounts that look like machines; a person has to confirm each.

    Parameters
    ----------
    persons
        The account of every event; null where none is known.
    at_us
        When it happened (microseconds UTC), or None in a log without a clock.
    units
        The unit of the event, or None where the log has none.

    Returns
    -------
    tuple of str
        Sorted. An account is proposed for its name (``siebel``, ``noreply``, ``batch_7``), or
        because it acts in at least 22 hours of the day, 500 times or more, and in many units.
    """
    encoded = _dictionary(persons)
    names = [name for name in encoded.dictionary.to_pylist() if name]
    by_name = {name for name in names if looks_like_machine(name)}
    return tuple(sorted(by_name | _round_the_clock(encoded, at_us, units)))


def looks_like_machine(account: str) -> bool:
    """Say whether an account is named as machines are.

    >>> looks_like_machine("Siebel"), looks_like_machine("noreply@acme.example")
    (True, True)
    >>> looks_like_machine("Otto Robeck"), looks_like_machine("Abbott")
    (False, False)
    """
    local = account.partition("@")[0]
    return bool(_NAMES.search(folded(local)))


def _dictionary(values: pa.Array) -> pa.DictionaryArray:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values if pa.types.is_dictionary(values.type) else values.dictionary_encode()


def _round_the_clock(
    persons: pa.DictionaryArray, at_us: pa.Array | None, units: pa.Array | None
) -> set[str]:
    if at_us is None or len(persons) == 0:
        return set()
    known = np.asarray(pc.and_(pc.is_valid(persons.indices), pc.is_valid(at_us)))
    if not known.any():
        return set()
    codes = np.asarray(pc.fill_null(persons.indices, 0))[known].astype(np.int64)
    count = len(persons.dictionary)
    hours = (np.asarray(pc.fill_null(at_us, 0))[known] // _HOUR_US) % 24
    per_hour = np.bincount(codes * 24 + hours, minlength=count * 24).reshape(count, 24)
    events = per_hour.sum(axis=1)
    active = (per_hour > MIN_HOUR_SHARE * events[:, None]).sum(axis=1)
    restless = (events >= MIN_EVENTS) & (active >= MIN_HOURS)
    if units is not None and restless.any():
        restless &= _unit_counts(codes, _dictionary(units), known, count) >= MIN_UNITS
    if restless.sum() > max(2, MAX_RESTLESS_SHARE * count):
        return set()
    return {persons.dictionary[int(code)].as_py() for code in np.flatnonzero(restless)}


def _unit_counts(
    codes: npt.NDArray[np.int64],
    units: pa.DictionaryArray,
    known: npt.NDArray[np.bool_],
    count: int,
) -> npt.NDArray[np.int64]:
    width = len(units.dictionary) + 1
    unit_codes = np.asarray(pc.fill_null(units.indices, width - 1))[known].astype(np.int64)
    pairs = np.unique(codes * width + unit_codes)
    return np.bincount(pairs[pairs % width != width - 1] // width, minlength=count)


def machine_people(
    named: Iterable[str], accounts: Iterable[str | None], file: str
) -> tuple[pa.Table | None, tuple[str, ...]]:
    """Return people rows (kind system) for the named machines of a file, and what was not found.

    Parameters
    ----------
    named
        Accounts that the user named with ``--machine``; upper and lower case are the same.
    accounts
        The accounts that occur in the file.
    file
        For the warnings.
    """
    wanted = {name.casefold(): name for name in named}
    if not wanted:
        return None, ()
    found = [account for account in accounts if account and account.casefold() in wanted]
    missing = sorted(set(wanted) - {account.casefold() for account in found})
    warnings = tuple(
        f"{file}: the machine account '{wanted[key]}' does not occur in it." for key in missing
    )
    if not found:
        return None, warnings
    return system_rows(sorted(set(found))), warnings


def system_rows(accounts: list[str]) -> pa.Table:
    """Return rows of the people table that mark accounts as machines."""
    columns = {
        "person": pa.array(accounts, pa.string()),
        "kind": pa.array(["system"] * len(accounts), pa.string()),
    }
    schema = PEOPLE.schema
    return pa.table(
        [columns.get(f.name, pa.nulls(len(accounts), f.type)) for f in schema], schema=schema
    )


def machine_warning(file: str, proposals: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sentence that points out accounts that look like machines, if there are any."""
    if not proposals:
        return ()
    listed = ", ".join(f"'{name}'" for name in proposals[:5])
    more = f" and {len(proposals) - 5} more" if len(proposals) > 5 else ""
    return (
        f"{file}: these accounts look like machines: {listed}{more}. Confirm with "
        "--machine ACCOUNT, so that they do not count as people.",
    )
