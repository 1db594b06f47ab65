"""What does a dossier describe, and is it still so? Checksums of its parts, kept in its mark.

The mark stands in the file of the dossier. Its checksums are salted with the id of the workspace,
so that nobody can try out settings against them who has the dossier alone.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from leitweg import __version__
from leitweg.domain.access import PurposeState
from leitweg.domain.dossier import Change
from leitweg.domain.tables import TABLES
from leitweg.language.catalogue import LANGUAGES
from leitweg.language.dossier_texts import PARTS, source_of
from leitweg.privacy.access import RULES
from leitweg.privacy.controls import ATTACKS, CONTROLS
from leitweg.privacy.denied_features import DENIED
from leitweg.privacy.dominance import MOST, P
from leitweg.privacy.retention import DAYS, MONTHS
from leitweg.privacy.row_space import MOST_LEVERAGE
from leitweg.privacy.threshold import K_OF_TIES, K
from leitweg.reports.dossier_models import MEASURED, MODELS
from leitweg.store import Workspace

NAMES = (
    *("version", "workspace", "purposes", "tables"),
    *("contents", "settings", "controls", "models"),
)
"""Parts of what a dossier describes, in the order in which changes are told."""
MARK = "leitweg-dossier:1"
_DIGITS = 12
_MARKED = re.compile(rb"leitweg-dossier:1(?P<parts>(?:;[a-z]+=[0-9a-f]+)+)")


@dataclass(frozen=True)
class Described:
    """What a dossier of this moment describes.

    ``facts`` are plain, hold no names of people, and let the next dossier say what changed.
    """

    parts: Mapping[str, str]
    facts: Mapping[str, object]

    @property
    def fingerprint(self) -> str:
        """All parts in one, in groups of four digits."""
        digits = _digest("", dict(self.parts))[:16]
        return " ".join(digits[i : i + 4] for i in range(0, 16, 4))

    def mark(self, made_at_us: int) -> str:
        """Return what the file carries so that it can be checked."""
        parts = ";".join(f"{name}={self.parts[name]}" for name in NAMES)
        return f"{MARK};made={made_at_us:x};{parts}"


@dataclass(frozen=True)
class Mark:
    """The mark of a dossier, read from its file."""

    made_at_us: int
    parts: Mapping[str, str]


def read_mark(content: bytes) -> Mark | None:
    """Return the mark in a file; None where it is no dossier.

    >>> read_mark(b"<!-- leitweg-dossier:1;made=ff;version=0a -->")
    Mark(made_at_us=255, parts={'version': '0a'})
    """
    # text that people entered stands before the mark and could look like one
    found = list(_MARKED.finditer(content))
    if not found:
        return None
    pairs = (pair.split("=") for pair in found[-1]["parts"].decode()[1:].split(";"))
    parts = dict(pairs)
    made = parts.pop("made", None)
    return None if made is None else Mark(int(made, 16), parts)


def described(
    place: Workspace | None, profile: str, purposes: tuple[PurposeState, ...]
) -> Described:
    """Return what a dossier of this moment describes; without a workspace, a planned one."""
    salt = place.id if place else "planned"
    settings = dict(place.settings) if place else {}
    stored = [name for name in TABLES if place and place.rows(name)]
    parts: dict[str, object] = {
        "version": [__version__, _wording()],
        "workspace": [salt, profile],
        "purposes": [asdict(state) for state in purposes],
        "tables": {name: TABLES[name].names for name in stored},
        "contents": {name: _files(place, name) for name in stored},
        "settings": settings,
        "controls": _controls(),
        "models": [
            [asdict(m) for m in MODELS],
            {name: asdict(m) for name, m in MEASURED.items()},
            DENIED,
        ],
    }
    facts: dict[str, object] = {
        "version": __version__,
        "purposes": {state.purpose: state.is_on for state in purposes},
        "tables": stored,
        "files": len(place.imports) if place else 0,
        "settings": {name: _digest(salt, value)[:_DIGITS] for name, value in settings.items()},
        "controls": {control.id: control.state for control in CONTROLS},
    }
    return Described({name: _digest(salt, parts[name])[:_DIGITS] for name in NAMES}, facts)


def _wording() -> str:
    return _digest("", [source_of(lang, part) for lang in LANGUAGES for part in PARTS])


def _files(place: Workspace | None, table: str) -> list[str]:
    return sorted(path.name for path in place.files(table)) if place else []


def _controls() -> list[object]:
    return [
        [asdict(control) for control in CONTROLS],
        [asdict(attack) for attack in ATTACKS],
        {action: [rule.purpose, sorted(rule.roles)] for action, rule in RULES.items()},
        [K, K_OF_TIES, DAYS, MONTHS, MOST, P, MOST_LEVERAGE],
    ]


def _digest(salt: str, value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(f"{salt}\x1f{text}".encode()).hexdigest()


def changes_between(
    before: Mapping[str, str],
    now: Described,
    facts: Mapping[str, object] | None,
    *,
    is_planned: bool,
) -> tuple[Change, ...]:
    """Say what changed: in detail where the facts of the earlier dossier are known.

    Parameters
    ----------
    before
        Checksums of the earlier dossier.
    facts
        Its facts; None where this workspace does not remember it.
    is_planned
        There is no workspace now.
    """
    changed = [name for name in NAMES if before.get(name) != now.parts[name]]
    if "workspace" in changed:
        # checksums of two workspaces have different salts, so nothing else can be told
        return (Change("workspace-gone" if is_planned else "workspace-changed", {}),)
    told = (_told(name, facts, now.facts) or (Change(f"{name}-changed", {}),) for name in changed)
    return tuple(change for changes in told for change in changes)


def _told(
    part: str, before: Mapping[str, object] | None, now: Mapping[str, object]
) -> tuple[Change, ...]:
    """Say what changed in a part as the facts know it; nothing where they do not."""
    if before is None:
        return (Change("version-or-wording", {}),) if part == "version" else ()
    if part == "version":
        versions = {"before": str(before["version"]), "after": str(now["version"])}
        differs = versions["before"] != versions["after"]
        return (Change("version-changed", versions) if differs else Change("wording-changed", {}),)
    if part == "purposes":
        return _purposes(_mapping(before, part), _mapping(now, part))
    if part == "tables":
        return _tables(_names(before, part), _names(now, part))
    if part == "contents" and before["files"] != now["files"]:
        files = {"before": str(before["files"]), "after": str(now["files"])}
        return (Change("files-changed", files),)
    if part in ("settings", "controls"):
        names = _differing(_mapping(before, part), _mapping(now, part))
        return (Change(f"{part}-named", {"names": ", ".join(names)}),) if names else ()
    return ()


def _purposes(before: Mapping[str, object], now: Mapping[str, object]) -> tuple[Change, ...]:
    return tuple(
        Change("purpose-on" if now[purpose] else "purpose-off", {"purpose": purpose})
        for purpose in _differing(before, now)
    )


def _tables(before: list[str], now: list[str]) -> tuple[Change, ...]:
    added = [name for name in now if name not in before]
    removed = [name for name in before if name not in now]
    named = (("tables-added", added), ("tables-removed", removed))
    return tuple(Change(code, {"tables": ", ".join(names)}) for code, names in named if names)


def _differing(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    return [name for name in {**before, **now} if before.get(name) != now.get(name)]


def _mapping(facts: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = facts[name]
    return value if isinstance(value, dict) else {}


def _names(facts: Mapping[str, object], name: str) -> list[str]:
    value = facts[name]
    return [str(x) for x in value] if isinstance(value, (list, tuple)) else []
