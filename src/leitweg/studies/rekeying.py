"""What does `leitweg rekey` do? It draws a new key and stores everything under it, or nothing."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.privacy.new_key import Exchange
from leitweg.store import Change, Clock, RememberedFile, open_workspace, utc_now
from leitweg.store.keys import key_in_environment
from leitweg.studies.asking import asking
from leitweg.studies.journal_life import complete_exchange, exchange_key_of_journal

__all__ = ["Rekeyed", "rekey"]


@dataclass(frozen=True)
class Rekeyed:
    """What was stored anew: rows by table, files that stay known, and where the key came from."""

    rows: dict[str, int]
    files: int
    key: str
    """``file`` or ``environment``"""


def rekey(workspace: Path, *, clock: Clock = utc_now, asker: Asker = OWNER) -> Rekeyed:
    """Exchange the key of a protected workspace.

    Every stored id becomes another one; who holds an older copy of the tables, or the older key
    alone, cannot join the two. Files imported later still join, files imported before stay known,
    and what the ledger of releases and the rights of people remember still holds. Nothing of the
    state before stays on the disk, and the old key is destroyed.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    clock
        Where the times in the manifest come from.
    asker
        Who does it, in which role.

    Raises
    ------
    KeyFileError
        ``no-key`` in an open workspace; where the present key is not fit for use; and
        ``new-key-missing`` where the environment names the present key but not the next one.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(place, "rekey", asker=asker) as asked:
        rows: dict[str, int] = {}
        complete_exchange(place)
        with place.exchanging_key() as begun:
            change, exchange = begun.change, Exchange(begun.old, begun.new)
            for name in change.before.tables:
                stored = change.read_noted(name)
                change.put(name, exchange.rows(stored))
                rows[name] = len(stored)
            settings = {n: exchange.setting(v) for n, v in change.settings.items()}
            change.update_settings(**settings)
            change.remember_only([_known(file, exchange, change) for file in change.before.imports])
            exchange_key_of_journal(begun, exchange, place.now_us())
            change.forget_older()
        asked.note(values=sum(rows.values()))
    where = "file" if key_in_environment() is None else "environment"
    return Rekeyed(rows, len(place.imports), where)


def _known(file: RememberedFile, exchange: Exchange, change: Change) -> RememberedFile:
    content = exchange.digest(file.content_hash)
    rejects = file.rejects
    if rejects is not None:
        # the name holds the beginning of the hash
        beginning, now = file.content_hash[:12], content[:12]
        name = Path(rejects).name.replace(beginning, now)
        rejects = change.keep_rejects(name, change.rejects_of(rejects))
    return dataclasses.replace(
        file,
        content_hash=content,
        bytes_hash=exchange.digest(file.bytes_hash),
        rows_hashes={name: exchange.digest(h) for name, h in file.rows_hashes.items()},
        rejects=rejects,
    )
