"""How a Slack export becomes messages, one row per receiver, without a word of what was said."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.progress import Progress
from leitweg.domain.tables import MESSAGES
from leitweg.sources.accounts import outside, own_domain
from leitweg.sources.case_rows import table_of
from leitweg.sources.machines import machine_people, machine_warning, propose_machines, system_rows
from leitweg.sources.slack_files import SlackExport, open_slack
from leitweg.sources.slack_posts import Counts, Sent, sent_in
from leitweg.sources.source_file import SourceFile

MAPPING = {
    "message": "ts",
    "thread": "thread_ts",
    "at": "ts",
    "sender": "user",
    "receiver": "members, thread, mentions",
}


def read_slack(
    sources: Sequence[SourceFile], options: ImportOptions, progress: Progress, *, now_us: int
) -> Reading:
    """Read a Slack export (folder or zip) into the table ``messages``.

    Parameters
    ----------
    sources
        Its JSON files: lists of users and conversations, and one file per conversation and day.
    options
        ``machines`` as everywhere.
    progress
        Told the files read.
    now_us
        The present time in microseconds UTC; later posts are rejected.

    Returns
    -------
    Reading
        Of kind ``slack``. People are known by their mail address where the export has it, else by
        the id in Slack; bots are machine accounts. Who receives a post says
        `slack_posts.sent_in`. Texts are stored nowhere. Rows of rejects are numbers of posts.

    Raises
    ------
    SourceError
        not-slack, broken-json, wrong-encoding, file-too-large, no-usable-rows; and what the
        streams raise.
    """
    export, counts = open_slack(sources), Counts()
    sent: list[Sent] = []
    for done, (folder, files) in enumerate(sorted(export.files.items()), start=1):
        sent.extend(sent_in(export, folder, files, counts, now_us))
        progress(f"reading {export.name}", done, len(export.files))
    if not sent:
        raise _nothing_usable(export.name, counts)
    columns = _columns(export, sent)
    domain, domain_notes = own_domain(export.name, columns["sender"])
    for side in ("sender", "receiver"):
        columns[f"{side}_outside"] = _outside(export, columns[side], domain)
    people, machine_notes = _machines(export, sent, columns, options)
    proposals = _proposals(columns, people, options)
    table = table_of(MESSAGES, columns, len(columns["receiver"]))
    return Reading(
        path=export.path,
        kind="slack",
        tables={"messages": table} | ({"people": people} if people is not None else {}),
        rows_read=counts.read,
        rejects=tuple(counts.rejects),
        mapping=dict(MAPPING),
        left_over=tuple(export.left_out),
        warnings=(
            *_notes(export, counts, sent),
            *domain_notes,
            *machine_notes,
            *machine_warning(export.name, proposals),
        ),
        machine_proposals=proposals,
    )


def _columns(export: SlackExport, sent: Sequence[Sent]) -> dict[str, pa.Array]:
    def account(id_: str) -> str:
        known = export.accounts.get(id_)
        return known.name if known else id_

    rows = [
        (m.message, m.thread, m.at_us, account(m.sender), account(receiver), "to", m.reply_to)
        for m in sent
        for receiver in m.receivers
    ]
    names = ("message", "thread", "at_us", "sender", "receiver", "kind", "reply_to")
    types = (pa.int64() if name == "at_us" else pa.string() for name in names)
    columns = zip(*rows, strict=True)
    return {n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)}


def _outside(export: SlackExport, accounts: pa.Array, domain: str | None) -> pa.Array:
    strangers = [a.name for a in export.accounts.values() if a.is_stranger]
    is_stranger = pc.is_in(accounts, value_set=pa.array(strangers, pa.string()))
    return pc.if_else(is_stranger, pa.scalar(True), outside(accounts, domain))


def _machines(
    export: SlackExport,
    sent: Sequence[Sent],
    columns: dict[str, pa.Array],
    options: ImportOptions,
) -> tuple[pa.Table | None, tuple[str, ...]]:
    """Return rows of people for the bots that occur and the machines that the user named."""
    occurring = sorted({*columns["sender"].to_pylist(), *columns["receiver"].to_pylist()})
    bots = {account.name for account in export.accounts.values() if account.is_bot}
    bots |= {m.sender for m in sent if m.is_bot and m.sender not in export.accounts}
    named, notes = machine_people(options.machines, occurring, export.name)
    accounts = set(named["person"].to_pylist()) if named is not None else set()
    accounts |= bots & set(occurring)
    return (system_rows(sorted(accounts)) if accounts else None), notes


def _proposals(
    columns: dict[str, pa.Array], people: pa.Table | None, options: ImportOptions
) -> tuple[str, ...]:
    known = {account.casefold() for account in options.machines}
    known |= {a.casefold() for a in (people["person"].to_pylist() if people is not None else [])}
    found = propose_machines(columns["sender"], columns["at_us"], columns["receiver"])
    return tuple(account for account in found if account.casefold() not in known)


def _notes(export: SlackExport, counts: Counts, sent: Sequence[Sent]) -> tuple[str, ...]:
    notes = []
    if counts.to_nobody:
        notes.append(
            f"{export.name}: {counts.to_nobody:,} posts speak to nobody in particular (no mention, "
            "no thread, no direct message) and were left out."
        )
    if counts.notices:
        notes.append(
            f"{export.name}: {counts.notices:,} entries are notices of Slack and no posts; they "
            "were left out."
        )
    writers = {m.sender for m in sent}
    nameless = sum(1 for id_ in writers if _is_known_by_id(export, id_))
    if nameless:
        notes.append(
            f"{export.name}: {nameless:,} of {len(writers):,} accounts that wrote have no mail "
            "address in the export; they are known by their id in Slack."
        )
    return tuple(notes)


def _is_known_by_id(export: SlackExport, id_: str) -> bool:
    account = export.accounts.get(id_)
    return account is None or (account.name == id_ and not account.is_bot)


def _nothing_usable(name: str, counts: Counts) -> SourceError:
    first = counts.rejects[0] if counts.rejects else None
    fault = f"post {first.row}, '{first.column}': {first.reason}" if first else "none has receivers"
    return SourceError(
        f"{name}: no post of the Slack export can be used; {fault}. Export direct messages or "
        "channels with threads.",
        code="no-usable-rows",
        path=name,
    )
