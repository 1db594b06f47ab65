"""Where is the key of a quarter until it is destroyed? A destroyable purpose key, one per era.

The name holds the fingerprint of the workspace key: after `leitweg rekey` stored ids are others,
so a quarter that is still open begins a new era.
"""

import re
from collections.abc import Iterator

from leitweg.store.application.purpose_keys import fingerprint_noted
from leitweg.store.manifest import read_manifest
from leitweg.store.purpose_keys import purpose_key_file
from leitweg.store.workspace import Workspace

_NAME = re.compile(r"quarter-(\d{4}q[1-4])-([0-9a-z]{4})-(\d+)")
OPEN = "open"


def era_and_key(place: Workspace, quarter: str) -> tuple[str, bytes]:
    """Return the era of a quarter that is not over, and its key; draw one where there is none."""
    mark = _mark(place)
    number = 1
    while _is_destroyed(place, f"quarter-{quarter}-{mark}-{number}"):
        number += 1
    name = f"quarter-{quarter}-{mark}-{number}"
    return f"{quarter}.{mark}.{number}", place.purpose_key(name, destroyable=True)


def living_keys(place: Workspace) -> Iterator[tuple[str, str, bytes]]:
    """Yield the name of the quarter, the era and the key of every key that still lies there."""
    for name, quarter, era in _living(place):
        yield quarter, era, place.purpose_key(name, destroyable=True)


def destroy_keys(place: Workspace, quarters: set[str]) -> list[str]:
    """Destroy the keys of quarters, and those of a workspace key that is gone; return the eras."""
    mark = _mark(place)
    destroyed = []
    for name, quarter, era in list(_living(place)):
        if quarter in quarters or era.split(".")[1] != mark:
            place.destroy_purpose_key(name)
            destroyed.append(era)
    return destroyed


def _living(place: Workspace) -> Iterator[tuple[str, str, str]]:
    folder = purpose_key_file(place.folder, place.id, "quarter").parent
    for path in sorted(folder.glob(f"quarter-*-{place.id}.key")):
        name = path.name.removesuffix(f"-{place.id}.key")
        found = _NAME.fullmatch(name)
        if found:
            yield name, found[1], ".".join(found.groups())


def _is_destroyed(place: Workspace, name: str) -> bool:
    if purpose_key_file(place.folder, place.id, name).exists():
        return False
    with place.database.reading() as connection:
        return fingerprint_noted(connection, name) is not None


def _mark(place: Workspace) -> str:
    return (read_manifest(place.folder).key_fingerprint or OPEN)[:4]
