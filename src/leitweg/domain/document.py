"""What is a written document made of? Headings, paragraphs, lists, tables and fields to fill in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """Some words in one style: ``plain``, ``strong``, ``emphasis`` or ``code``."""

    text: str
    style: str = "plain"


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 begins a part of the document."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    runs: Runs


@dataclass(frozen=True)
class Remark:
    """Text that stands out: a warning or a hint."""

    runs: Runs


@dataclass(frozen=True)
class Bullets:
    """A list; ``ordered`` ones bear numbers."""

    items: tuple[Runs, ...]
    ordered: bool = False


@dataclass(frozen=True)
class DataTable:
    """A table; ``widths`` are the relative widths of its columns."""

    columns: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Field:
    """Something that people have to write in."""

    label: str
    hint: Runs
    lines: int = 3


Block = Heading | Paragraph | Remark | Bullets | DataTable | Field


@dataclass(frozen=True)
class Document:
    """A document that writers turn into a file.

    ``summary`` are the rows of the title page; ``mark`` is what programs read in it again;
    ``words`` are the words that a writer needs (contents, page, made at).
    """

    title: str
    subtitle: str
    language: str
    date: str
    summary: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    mark: str
    words: dict[str, str]
