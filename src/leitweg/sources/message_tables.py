"""How a table of messages becomes one row per receiver."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.tables import MESSAGES
from leitweg.sources.accounts import canonical_accounts, outside, own_domain
from leitweg.sources.case_rows import table_of
from leitweg.sources.clocks import Clock, read_times
from leitweg.sources.log_reading import texts
from leitweg.sources.machines import machine_people, machine_warning, propose_machines
from leitweg.sources.mail_threads import Threads
from leitweg.sources.mapping import Mapped, require
from leitweg.sources.missing import missing_warnings, propose_missing
from leitweg.sources.raw import RawTable
from leitweg.sources.rejects import Sieve
from leitweg.sources.source_file import SourceFile
from leitweg.sources.words import folded

_TEXTS = ("sender", "receiver", "message", "thread", "reply_to", "kind")
_OUTSIDE = ("sender_outside", "receiver_outside")
_SECOND_US = 1_000_000
_YES_OR_NO = {
    **dict.fromkeys(("true", "yes", "ja", "1", "wahr"), True),
    **dict.fromkeys(("false", "no", "nein", "0", "falsch"), False),
}
_BARE_LIST = r"^\s*[^<>,;\s]+@[^<>,;\s]+(\s*,\s*[^<>,;\s]+@[^<>,;\s]+)+\s*$"
_KINDS = {"to": "to", "an": "to", "cc": "cc", "kopie": "cc", "bcc": "bcc", "blindkopie": "bcc"}


def read_messages(
    source: SourceFile, raw: RawTable, mapped: Mapped, options: ImportOptions, clock: Clock
) -> Reading:
    """Read a table of messages with one row per receiver, or several receivers in one field.

    Parameters
    ----------
    source
        The file.
    raw
        Its rows, cleaned.
    mapped
        Canonical column -> column.
    options
        Machine accounts are used here.
    clock
        Zone and order of day and month.

    Returns
    -------
    Reading
        Table ``messages``. Without an id of the message, rows of one sender at one second are
        one message, and its id is made of both. ``people`` with the named machines, if any.

    Raises
    ------
    SourceError
        missing-column, no-usable-rows, and those of `read_times`.
    """
    require(raw.name, "messages", raw.columns, mapped)
    times = read_times(raw.name, mapped.columns["at"], raw.column(mapped.columns["at"]), clock)
    sieve = Sieve(raw)
    sieve.reject_missing(mapped.columns["at"], "the time")
    sieve.reject_times(times, mapped.columns["at"])
    sieve.reject_missing(mapped.columns["sender"], "the sender")
    sieve.reject_missing(mapped.columns["receiver"], "the receiver")
    rejects = sieve.finished()
    kept = raw.only(sieve.keep)
    columns = texts(kept, mapped, (*_TEXTS, *_OUTSIDE))
    columns["at_us"] = times.at_us.filter(pa.array(sieve.keep))
    columns = _one_per_receiver(columns)
    columns["sender"] = canonical_accounts(columns["sender"])
    columns["message"] = _message_ids(columns)
    if "thread" not in columns and "reply_to" in columns:
        columns["thread"] = _threads(columns)
    if "kind" in columns:
        columns["kind"] = _kinds(columns["kind"])
    notes = (*raw.warnings, *mapped.warnings, *times.warnings)
    return _reading(
        source, replace(kept, rejects=rejects, warnings=notes), mapped, columns, options
    )


def _one_per_receiver(columns: dict[str, pa.Array]) -> dict[str, pa.Array]:
    lists = pc.split_pattern(_semicolons(columns["receiver"]), ";")
    receivers = canonical_accounts(pc.list_flatten(lists))
    filled = pc.and_kleene(pc.is_valid(receivers), pc.not_equal(receivers, ""))
    places = pc.list_parent_indices(lists).filter(filled)
    spread = {n: c.take(places) for n, c in columns.items() if n != "receiver"}
    return {**spread, "receiver": receivers.filter(filled)}


def _semicolons(receivers: pa.Array) -> pa.Array:
    # commas stand between bare addresses only; 'Lee, Ann <ann@x.example>' is one receiver
    several = pc.match_substring_regex(receivers, _BARE_LIST)
    return pc.if_else(several, pc.replace_substring(receivers, ",", ";"), receivers)


def _message_ids(columns: dict[str, pa.Array]) -> pa.Array:
    seconds = pc.divide(columns["at_us"], _SECOND_US).cast(pa.string())
    made = pc.binary_join_element_wise(columns["sender"], seconds, "|")
    return pc.coalesce(columns["message"], made) if "message" in columns else made


def _threads(columns: dict[str, pa.Array]) -> pa.Array:
    """Thread of each row by what its message answers; null where no message answers another."""
    messages, answered = columns["message"].to_pylist(), columns["reply_to"].to_pylist()
    if not any(answered):
        return pa.nulls(len(messages), pa.string())
    threads = Threads()
    seen: set[str] = set()
    for message, at_us, older in zip(messages, columns["at_us"].to_pylist(), answered, strict=True):
        if message not in seen:
            seen.add(message)
            threads.add(message, at_us, [older] if older else [])
    roots = threads.roots()
    return pa.array([roots[message] for message in messages], pa.string())


def _kinds(values: pa.Array) -> pa.Array:
    encoded = values.dictionary_encode()
    names = [_KINDS.get(folded(name or "")) for name in encoded.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(encoded.indices)


def _flags(values: pa.Array | None, count: int) -> pa.Array:
    if values is None:
        return pa.nulls(count, pa.bool_())
    encoded = values.dictionary_encode()
    marks = [_YES_OR_NO.get(folded(mark)) for mark in encoded.dictionary.to_pylist()]
    return pa.array(marks, pa.bool_()).take(encoded.indices)


def _reading(
    source: SourceFile,
    kept: RawTable,
    mapped: Mapped,
    columns: dict[str, pa.Array],
    options: ImportOptions,
) -> Reading:
    domain, domain_notes = own_domain(kept.name, columns["sender"])
    for side in ("sender", "receiver"):
        said = _flags(columns.pop(f"{side}_outside", None), len(columns[side]))
        columns[f"{side}_outside"] = pc.coalesce(said, outside(columns[side], domain))
    table = table_of(MESSAGES, columns, len(columns["receiver"]))
    accounts = pc.unique(pa.concat_arrays([columns["sender"], columns["receiver"]])).to_pylist()
    people, machine_notes = machine_people(options.machines, accounts, kept.name)
    named = {account.casefold() for account in options.machines}
    machines = tuple(
        account
        for account in propose_machines(columns["sender"], columns["at_us"], columns["receiver"])
        if account.casefold() not in named
    )
    marks = propose_missing({mapped.columns[n]: columns[n] for n in ("sender", "receiver")})
    return Reading(
        path=source.path,
        kind="messages",
        tables={"messages": table} | ({"people": people} if people is not None else {}),
        rows_read=kept.rows_read,
        rejects=kept.rejects,
        mapping=dict(mapped.columns),
        left_over=(*mapped.kept_out, *mapped.free),
        warnings=(
            *kept.warnings,
            *domain_notes,
            *_repeats(kept.name, table),
            *missing_warnings(kept.name, marks),
            *machine_notes,
            *machine_warning(kept.name, machines),
        ),
        machine_proposals=machines,
        missing_proposals=marks,
    )


def _repeats(file: str, table: pa.Table) -> tuple[str, ...]:
    pairs = table.select(["message", "receiver"])
    distinct = pairs.group_by(["message", "receiver"], use_threads=False).aggregate([]).num_rows
    repeats = table.num_rows - distinct
    if not repeats:
        return ()
    return (f"{file}: {repeats} rows name a receiver of the same message again; they were kept.",)
