"""What lies in a Slack export: who its people are, which conversations it has, and their files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from leitweg.domain.errors import SourceError
from leitweg.sources.json_reading import read_json
from leitweg.sources.source_file import SourceFile

MAX_BYTES = 256 * 2**20
"""A file holds one day of one channel; a list of all people of a large company stays below it."""
PEOPLE = ("users.json", "org_users.json")
CONVERSATIONS = ("channels.json", "groups.json", "dms.json", "mpims.json")
_BOT_OF_SLACK = "USLACKBOT"

Json = dict[str, Any]


@dataclass(frozen=True)
class Account:
    """Somebody of the workspace: known by the mail address where the export has it, else the id."""

    name: str
    is_bot: bool = False
    is_stranger: bool = False


@dataclass(frozen=True)
class Conversation:
    """A channel, group or direct message; ``members`` is empty for channels open to all."""

    id: str
    is_direct: bool
    members: tuple[str, ...] = ()


@dataclass
class SlackExport:
    """An export: its accounts by Slack id, its conversations by folder, its files of messages."""

    path: Path
    accounts: dict[str, Account] = field(default_factory=dict)
    bots: dict[str, str] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    files: dict[str, list[SourceFile]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What messages call it: the name of the zip file or of the folder."""
        return self.path.name


def slack_files(sources: Sequence[SourceFile], *, asked: bool) -> list[SourceFile]:
    """Return those files that belong to a Slack export: the JSON files around its lists.

    Parameters
    ----------
    sources
        Everything behind the path.
    asked
        The user said that it is a Slack export.
    """
    lists = {PurePosixPath(source.name) for source in sources}
    roots = {
        path.parent
        for path in lists
        if path.name in PEOPLE
        and (asked or any(path.parent / name in lists for name in CONVERSATIONS))
    }
    return [s for s in sources if s.name.endswith(".json") and roots & set(_parents(s.name))]


def _parents(name: str) -> Iterable[PurePosixPath]:
    return PurePosixPath(name).parents


def open_slack(sources: Sequence[SourceFile]) -> SlackExport:
    """Read the lists of an export, and sort its other files by conversation.

    Raises
    ------
    SourceError
        not-slack, broken-json, wrong-encoding, file-too-large; and what the streams raise.
    """
    by_path = {PurePosixPath(source.name): source for source in sources}
    root = next((path.parent for path in sorted(by_path) if path.name in PEOPLE), None)
    if root is None:
        raise _not_slack(sources)
    first = by_path[min(path for path in by_path if path.parent == root)]
    is_folder = first.path.name == PurePosixPath(first.name).name
    export = SlackExport(first.path.parent if is_folder else first.path)
    for name in PEOPLE:
        _add_accounts(export, _entries(by_path.get(root / name)))
    for name in CONVERSATIONS:
        is_direct = name in ("dms.json", "mpims.json")
        _add_conversations(export, _entries(by_path.get(root / name)), is_direct=is_direct)
    for path, source in sorted(by_path.items()):
        if path.parent.parent == root and path.parent != root:
            export.files.setdefault(path.parent.name, []).append(source)
        elif path.name not in (*PEOPLE, *CONVERSATIONS):
            export.left_out.append(path.name)
    return export


def _add_accounts(export: SlackExport, entries: Iterable[Json]) -> None:
    for entry in entries:
        id_ = entry.get("id")
        if not isinstance(id_, str):
            continue
        profile = entry.get("profile")
        profile = profile if isinstance(profile, dict) else {}
        address = profile.get("email")
        export.accounts[id_] = Account(
            address.strip().lower() if isinstance(address, str) and "@" in address else id_,
            is_bot=bool(entry.get("is_bot")) or id_ == _BOT_OF_SLACK,
            is_stranger=bool(entry.get("is_stranger")),
        )
        if isinstance(profile.get("bot_id"), str):
            export.bots[profile["bot_id"]] = id_


def _add_conversations(export: SlackExport, entries: Iterable[Json], *, is_direct: bool) -> None:
    for entry in entries:
        id_ = entry.get("id")
        if not isinstance(id_, str):
            continue
        members = entry.get("members")
        known = tuple(m for m in members if isinstance(m, str)) if is_direct and members else ()
        # the folder of a channel bears its name, that of a direct message its id
        folder = entry.get("name") or id_
        export.conversations[str(folder)] = Conversation(id_, is_direct, known)


def _entries(source: SourceFile | None) -> list[Json]:
    return entries_of(source) if source is not None else []


def entries_of(source: SourceFile) -> list[Json]:
    """Return the objects of a file that holds a list of objects.

    Raises
    ------
    SourceError
        broken-json, wrong-encoding, file-too-large, not-slack; and what the stream raises.
    """
    with source.open() as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise SourceError(
            f"{source.name}: it is larger than {MAX_BYTES >> 20} MiB, more than any file of a "
            "Slack export. Export it again.",
            code="file-too-large",
            path=source.name,
            limit_bytes=MAX_BYTES,
        )
    parsed = read_json(source.name, content)
    if not isinstance(parsed, list):
        raise _not_slack([source])
    return [entry for entry in parsed if isinstance(entry, dict)]


def _not_slack(sources: Sequence[SourceFile]) -> SourceError:
    name = sources[0].name if sources else "Slack"
    return SourceError(
        f"{name}: this is no Slack export: it has no users.json with a list beside its channels. "
        "Name the zip file or the folder as Slack gave it.",
        code="not-slack",
        path=name,
    )
