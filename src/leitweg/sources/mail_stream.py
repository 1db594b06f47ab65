"""The headers of mails in a mbox or EML file; bodies are passed over, neither kept nor read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from leitweg.domain.errors import SourceError
from leitweg.domain.progress import Progress
from leitweg.sources.source_file import SourceFile

WANTED = frozenset(
    {
        *("from", "sender", "to", "cc", "bcc", "date", "message-id", "in-reply-to"),
        *("references", "auto-submitted"),
    }
)
"""Headers that are kept; a subject is a text and is not."""
MAX_HEADER_BYTES = 1_000_000
LINE_BYTES = 1 << 16
PROGRESS_BYTES = 1 << 20

_BEFORE = b"\xef\xbb\xbf \r\n"
_HEADER = re.compile(rb"^([!-9;-~]{1,80})[ \t]*:")
# the line between two mails ends in the day of delivery; 'From what I see' is a sentence
_ENVELOPE = re.compile(
    rb"^From \S.*?\s(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*\d:\d\d.*\b(?:19|20)\d\d\b"
)
_TELLING = frozenset(
    {
        *(b"from", b"to", b"date", b"message-id", b"received", b"return-path", b"subject"),
        *(b"mime-version", b"delivered-to", b"x-mailer", b"content-type"),
    }
)

Headers = dict[str, list[str]]


def is_mail(head: bytes) -> bool:
    r"""Say whether these first bytes begin a mbox file or a single mail.

    >>> is_mail(b"From: Ann <a@x.example>\nDate: Mon, 1 Jan 2024 10:00:00 +0100\n\nHello")
    True
    >>> is_mail(b"From;To;Date\na@x.example;b@x.example;01.01.2024")
    False
    """
    lines = head.lstrip(_BEFORE).split(b"\n")
    if lines[0].startswith(b"From "):
        lines = lines[1:]
    found = set()
    for position, line in enumerate(lines):
        if not line.strip():
            break
        match = _HEADER.match(line)
        if match:
            found.add(match[1].lower())
        elif position == 0 or line[:1] not in b" \t":
            # the last line may be cut off by the end of the head
            return position == len(lines) - 1 and len(found & _TELLING) >= 2
    return len(found & _TELLING) >= 2


def mail_headers(source: SourceFile, progress: Progress) -> Iterator[Headers]:
    """Yield the wanted headers of each mail, by lower-case name, unfolded and not decoded.

    Raises
    ------
    SourceError
        not-mail, field-too-large; and what the stream raises.
    """
    head = source.head()
    if not is_mail(head):
        raise SourceError(
            f"{source.name}: this is neither a mbox file nor a mail: it does not begin with mail "
            "headers. Export the mailbox as mbox or the mails as EML files.",
            code="not-mail",
            path=source.name,
        )
    is_mbox = head.lstrip(_BEFORE).startswith(b"From ")
    reader = _Reader(source.name)
    for line in _lines(source, progress):
        if not reader.in_headers and not line.startswith(b"From "):
            # nearly all lines of a mailbox are lines of bodies: no call for each
            reader.after_blank = not line.strip()
            continue
        if reader.takes(line, is_mbox=is_mbox):
            yield reader.headers
            if not is_mbox:
                return
    if reader.in_headers and reader.headers:
        yield reader.headers


def _lines(source: SourceFile, progress: Progress) -> Iterator[bytes]:
    done = told = 0
    with source.open() as stream:
        for line in iter(partial(stream.readline, LINE_BYTES), b""):
            done += len(line)
            if done - told >= PROGRESS_BYTES:
                told = done
                progress(f"reading {source.name}", done, source.size)
            yield line
    progress(f"reading {source.name}", done, source.size)


@dataclass
class _Reader:
    """Where in a mail the reading stands."""

    name: str
    in_headers: bool = True
    headers: Headers = field(default_factory=dict)
    _last: str | None = None
    _size: int = 0
    after_blank: bool = True
    _begun: bool = False

    def takes(self, line: bytes, *, is_mbox: bool) -> bool:
        """Take a line; True where it ends the headers of a mail."""
        if not self.in_headers:
            self._pass_over(line, is_mbox=is_mbox)
            return False
        if not line.strip():
            self.in_headers = not self._begun
            self.after_blank = True
            return self._begun and bool(self.headers)
        self._take_header(line)
        return False

    def _pass_over(self, line: bytes, *, is_mbox: bool) -> None:
        if is_mbox and self.after_blank and _ENVELOPE.match(line):
            self.in_headers, self.headers, self._size = True, {}, 0
            self._last, self._begun = None, False
            return
        self.after_blank = not line.strip()

    def _take_header(self, line: bytes) -> None:
        self._size += len(line)
        if self._size > MAX_HEADER_BYTES:
            raise SourceError(
                f"{self.name}: the headers of one mail hold more than {MAX_HEADER_BYTES:,} bytes. "
                "Leave that mail out.",
                code="field-too-large",
                path=self.name,
                limit_bytes=MAX_HEADER_BYTES,
            )
        match = _HEADER.match(line)
        if line[:1] in b" \t" and self._begun:
            if self._last:
                self.headers[self._last][-1] += " " + _text(line)
        elif match:
            self._begun = True
            key = match[1].decode("ascii").lower()
            self._last = key if key in WANTED else None
            if self._last:
                self.headers.setdefault(key, []).append(_text(line[match.end() :]))
        elif not self._begun and not line.startswith((b"From ", b">From ", b"\xef\xbb\xbf")):
            # 'From ' was the beginning of a sentence after all
            self.in_headers = False


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8").strip()
    except UnicodeDecodeError:
        return line.decode("latin-1").strip()
