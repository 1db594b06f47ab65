"""What of an earlier import goes when somebody is excluded later? Every row, from the disk too."""

import dataclasses

from leitweg.privacy.exclusions import case_ids, without_cases
from leitweg.store import Change
from leitweg.store.workspace_key import WorkspaceKey
from leitweg.studies.excluding import Excluding


def leave_out_stored(change: Change, excluding: Excluding, key: WorkspaceKey | None) -> list[str]:
    """Leave out of the stored tables what an import excludes anew.

    Parameters
    ----------
    change
        The transaction of the import.
    excluding
        What it excludes.
    key
        The key of a protected workspace.

    Returns
    -------
    list of str
        What to warn of.
    """
    if not excluding.fresh or not change.before.tables:
        return []
    found = excluding.exclusions
    # what is stored of a protected workspace is told by its pseudonym
    stored = (
        found if key is None else dataclasses.replace(found, stored=found.entries | excluding.gone)
    )
    before = {name: change.read_noted(name) for name in change.before.tables}
    after = stored.rows(before)
    if "cases" in after and "events" in after:
        left = case_ids(before["events"]) - case_ids(after["events"])
        if left:
            after["cases"] = without_cases(after["cases"], left)
    changed = [name for name, rows in after.items() if rows is not before[name]]
    for name in changed:
        change.put(name, after[name])
    if not changed:
        return []
    change.forget_older()
    counts = {name: len(before[name]) - len(after[name]) for name in changed}
    rows = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if count)
    return [f"Stored rows of excluded accounts and units were deleted: {rows}."] if rows else []
