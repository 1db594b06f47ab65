"""Whose rows does one import leave out, and what does its report say about it?

Asked are `--exclude` and `--include`, the settings of the workspace, and in a protected one the
well-known names of offices of confidence (`privacy/well_known.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions
from leitweg.privacy.canonical import canonical
from leitweg.privacy.exclusions import Exclusions, Mark, case_ids, members_of
from leitweg.privacy.pseudonyms import pseudonym
from leitweg.privacy.well_known import is_confidential_account, is_confidential_unit
from leitweg.store.workspace_key import WorkspaceKey
from leitweg.studies.named_accounts import NamesInFiles

Tables = Mapping[str, pa.Table]
_SUFFIXES = (".txt", ".csv", ".lst", ".list")
_MOST_TOLD = 12


@dataclass(frozen=True)
class Excluding:
    """What one import leaves out.

    ``excluded`` and ``included`` are the entries as the settings keep them, ``fresh`` those that
    earlier imports did not know. ``gone`` are the accounts of these files that are left out, as
    they would be stored; ``cases`` are the cases that are left without events.
    """

    exclusions: Exclusions
    excluded: frozenset[str]
    included: frozenset[str]
    fresh: frozenset[str]
    gone: frozenset[str]
    cases: frozenset[str]
    warnings: tuple[str, ...]


def names_given(given: Sequence[str]) -> list[str]:
    """Return the names that a user gave; ``@FILE`` stands for the lines of a file.

    Raises
    ------
    SourceError
        ``no-such-list`` where the file is not there or is no text.
    """
    found: list[str] = []
    for name in given:
        path = Path(name[1:])
        is_list = name.startswith("@") and len(name) > 1
        if is_list and (path.is_file() or path.suffix.lower() in _SUFFIXES or "/" in name):
            found += _lines(path)
        else:
            found.append(name)
    return [name.strip() for name in found if name.strip()]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError):
        raise SourceError(
            f"The list {path} cannot be read; name a text file in UTF-8 with one account, domain "
            "or unit a line.",
            code="no-such-list",
            path=str(path),
        ) from None


def excluding(
    options: ImportOptions,
    settings: Mapping[str, object],
    key: WorkspaceKey | None,
    names: NamesInFiles,
    tables: Sequence[Tables],
) -> Excluding:
    """Decide what an import leaves out.

    Parameters
    ----------
    options
        What the user asked for.
    settings
        The settings of the workspace so far.
    key
        The key of a protected workspace, None in an open one.
    names
        Accounts and units of the files, by canonical form.
    tables
        Canonical rows of each file.
    """

    def mark(text: str) -> str:
        return canonical(text, "person") if key is None else pseudonym("person", text, key)

    asked = names_given(options.exclude)
    back = {mark(form) for name in names_given(options.include) for form in _forms(name)}
    earlier = _listed(settings.get("excluded"))
    included = (_listed(settings.get("included")) | back) - {
        mark(form) for name in asked for form in _forms(name)
    }
    office = [form for form in _offices(names) if mark(form) not in included]
    entries = {mark(form) for name in asked for form in _forms(name)}
    if key is not None:
        entries |= {mark(form) for form in office}
    found = Exclusions(frozenset((earlier | entries) - back), mark)
    for rows in tables:
        members = {mark(account) for account in members_of(rows, found)} - back
        found = Exclusions(found.entries | members, mark)
    warnings = [*_unknown(asked, names), *_told_offices(office, names, earlier, mark, key)]
    gone = {mark(form) for form in names.accounts if found.account(form)} if found.entries else ()
    return Excluding(
        found,
        found.entries,
        frozenset(included),
        found.entries - earlier,
        frozenset(gone),
        _cases_left(tables, found),
        tuple(warnings),
    )


def _forms(name: str) -> list[str]:
    """Return what a given name stands for: itself, and its domain where it looks like one."""
    form = canonical(name, "person")
    is_domain = "." in form and "@" not in form and " " not in form
    return [form, f"@{form}"] if is_domain else [form]


def _offices(names: NamesInFiles) -> list[str]:
    accounts = [form for form in names.accounts if is_confidential_account(form)]
    return accounts + [form for form in names.units if is_confidential_unit(form)]


def _told_offices(
    office: Iterable[str],
    names: NamesInFiles,
    earlier: set[str],
    mark: Mark,
    key: WorkspaceKey | None,
) -> list[str]:
    spelled = {**names.accounts, **names.units}
    told = sorted(min(spelled[form]) for form in office if mark(form) not in earlier)
    if not told:
        return []
    listed = ", ".join(f"'{name}'" for name in told[:_MOST_TOLD])
    rest = f" and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
    if key is None:
        return [
            f"These look like offices of confidence: {listed}{rest}. An open workspace keeps their "
            "rows; leave them out with --exclude NAME."
        ]
    return [
        f"These look like offices of confidence and are left out: {listed}{rest}. Take one back "
        "with --include NAME."
    ]


def _unknown(asked: Sequence[str], names: NamesInFiles) -> list[str]:
    domains = {form.partition("@")[2] for form in names.accounts if "@" in form}
    return [
        f"No row of these files names '{name}'; it is left out once one does."
        for name in asked
        if canonical(name, "person") not in names.accounts
        and canonical(name) not in names.units
        and canonical(name).lstrip("@") not in domains
    ]


def _cases_left(tables: Sequence[Tables], exclusions: Exclusions) -> frozenset[str]:
    if not exclusions.entries:
        return frozenset()
    logs = [rows["events"] for rows in tables if "events" in rows]
    before = {id_ for log in logs for id_ in case_ids(log)}
    kept = [exclusions.rows({"events": log})["events"] for log in logs]
    return frozenset(before - {id_ for log in kept for id_ in case_ids(log)})


def _listed(value: object) -> set[str]:
    return {str(entry) for entry in value} if isinstance(value, list) else set()
