"""Whom does a post in Slack speak to? Members of a direct message, a thread, those it mentions."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from leitweg.domain.imports import Reject
from leitweg.sources.clocks import EARLIEST_US, TOLERANCE_US
from leitweg.sources.slack_files import Conversation, Json, SlackExport, entries_of
from leitweg.sources.source_file import SourceFile

WRITTEN = frozenset({None, "thread_broadcast", "me_message", "file_share", "bot_message"})
"""Kinds of entries that somebody wrote; others say who joined, or what was renamed."""
_MENTION = re.compile(r"<@([UWB][A-Z0-9]+)(?:\|[^>]*)?>")
_TIME = re.compile(r"(\d{1,12})\.(\d{1,6})")


@dataclass(frozen=True)
class Post:
    """One entry of a conversation: its own time is its id there; no text of it is kept."""

    ts: str
    at_us: int
    sender: str
    thread_ts: str | None
    mentions: tuple[str, ...]
    is_bot: bool


@dataclass(frozen=True)
class Sent:
    """One message with its receivers (Slack ids)."""

    message: str
    at_us: int
    sender: str
    receivers: tuple[str, ...]
    thread: str | None
    reply_to: str | None
    is_bot: bool


@dataclass
class Counts:
    """What was not taken, and what was read."""

    read: int = 0
    notices: int = 0
    to_nobody: int = 0
    rejects: list[Reject] = field(default_factory=list)


def sent_in(
    export: SlackExport, folder: str, files: Iterable[SourceFile], counts: Counts, now_us: int
) -> Iterator[Sent]:
    """Yield the messages of one conversation with their receivers, in the order of their times.

    Parameters
    ----------
    export
        Whose conversation it is.
    folder
        Its folder; one that no list names is taken for a channel.
    files
        Its files, one per day.
    counts
        What was not taken is counted here.
    now_us
        The present time; later posts are rejected.

    Yields
    ------
    Sent
        A direct message goes to the other members. Elsewhere a post goes to those it mentions;
        an answer in a thread that mentions nobody goes to all who wrote in the thread before; and
        a post that others answered in its thread goes to those who did. What goes to nobody is
        counted and left out: a post to a channel is read by some, but nobody knows by whom.
    """
    conversation = export.conversations.get(folder) or Conversation(folder, is_direct=False)
    posts: dict[str, Post] = {}
    for source in files:
        for entry in entries_of(source):
            post = _post(export, entry, counts, now_us)
            if post is not None:
                posts.setdefault(post.ts, post)
    ordered = sorted(posts.values(), key=lambda post: (post.at_us, post.ts))
    answers = _answers(ordered)
    writers: dict[str, list[Post]] = {}
    for post in ordered:
        earlier = writers.setdefault(post.thread_ts or post.ts, [])
        receivers = _receivers(conversation, post, earlier, answers.get(post.ts, ()))
        if receivers:
            yield _sent(conversation, post, receivers, earlier, post.ts in answers)
        else:
            counts.to_nobody += 1
        earlier.append(post)


def _post(export: SlackExport, entry: Json, counts: Counts, now_us: int) -> Post | None:
    if entry.get("type", "message") != "message" or entry.get("subtype") not in WRITTEN:
        counts.notices += 1
        return None
    counts.read += 1
    ts, sender = entry.get("ts"), _sender(export, entry)
    at_us = _moment(ts)
    fault = _fault(at_us, sender, now_us)
    if fault is not None or at_us is None or sender is None:
        column, reason = fault or ("ts", "the time is missing")
        counts.rejects.append(Reject(counts.read, column, reason, str(ts or "")[:40]))
        return None
    thread = entry.get("thread_ts")
    account = export.accounts.get(sender)
    return Post(
        ts=str(ts),
        at_us=at_us,
        sender=sender,
        thread_ts=thread if isinstance(thread, str) else None,
        mentions=_mentions(entry, sender),
        is_bot=account.is_bot if account else sender.startswith("B"),
    )


def _sender(export: SlackExport, entry: Json) -> str | None:
    user, bot = entry.get("user"), entry.get("bot_id")
    if isinstance(user, str) and user:
        return user
    return export.bots.get(bot, bot) if isinstance(bot, str) and bot else None


def _moment(ts: object) -> int | None:
    found = _TIME.fullmatch(ts) if isinstance(ts, str) else None
    return int(found[1]) * 1_000_000 + int(found[2].ljust(6, "0")) if found else None


def _fault(at_us: int | None, sender: str | None, now_us: int) -> tuple[str, str] | None:
    if at_us is None:
        return "ts", "not a time, or a date that does not exist"
    if at_us < EARLIEST_US:
        return "ts", "a default date (before 1980)"
    if at_us > now_us + TOLERANCE_US:
        return "ts", "a date in the future"
    return None if sender else ("user", "the sender is missing")


def _mentions(entry: Json, sender: str) -> tuple[str, ...]:
    # of a text nothing is read but the marks that Slack sets for people
    text = entry.get("text")
    found = _MENTION.findall(text) if isinstance(text, str) else []
    return tuple(dict.fromkeys(id_ for id_ in found if id_ != sender))


def _answers(posts: Iterable[Post]) -> dict[str, tuple[str, ...]]:
    """Return, for each post that began a thread, who else wrote in it, in order."""
    found: dict[str, dict[str, None]] = {}
    for post in posts:
        if post.thread_ts is not None and post.thread_ts != post.ts:
            found.setdefault(post.thread_ts, {})[post.sender] = None
    return {ts: tuple(writers) for ts, writers in found.items()}


def _receivers(
    conversation: Conversation, post: Post, earlier: list[Post], answered_by: tuple[str, ...]
) -> tuple[str, ...]:
    if conversation.is_direct:
        asked: Iterable[str] = conversation.members
    elif post.mentions:
        asked = post.mentions
    elif post.thread_ts is not None and post.thread_ts != post.ts:
        asked = (other.sender for other in earlier)
    else:
        asked = answered_by
    return tuple(dict.fromkeys(id_ for id_ in asked if id_ != post.sender))


def _sent(
    conversation: Conversation,
    post: Post,
    receivers: tuple[str, ...],
    earlier: list[Post],
    is_answered: bool,
) -> Sent:
    def named(ts: str) -> str:
        return f"{conversation.id}:{ts}"

    is_answer = post.thread_ts is not None and post.thread_ts != post.ts
    answered = next((p.ts for p in reversed(earlier) if p.sender != post.sender), post.thread_ts)
    # a direct message without a thread belongs to no case that anybody could name
    is_case = is_answer or is_answered or not conversation.is_direct
    return Sent(
        message=named(post.ts),
        at_us=post.at_us,
        sender=post.sender,
        receivers=receivers,
        thread=named(post.thread_ts or post.ts) if is_case else None,
        reply_to=named(answered) if is_answer and answered else None,
        is_bot=post.is_bot,
    )
