"""Files as they should not be, each written by a function of its own name."""

import gzip
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HEADER = "case_id,at,person,unit"
GOOD = f"{HEADER}\nV1,2024-01-02T10:00:00Z,Anna,Vertrieb\nV1,2024-01-02T11:00:00Z,Bodo,Service\n"
LOG = '<log><trace><string key="concept:name" value="c"/>{events}</trace></log>'
EVENT = (
    '<event><string key="concept:name" value="Check"/>{who}'
    '<date key="time:timestamp" value="2024-03-01T12:00:0{i}Z"/></event>'
)
WHO = '<string key="org:resource" value="Ann"/>'
BOMB = (
    '<!DOCTYPE log [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
SECRET = "planted-secret"


def xes(who: str = WHO, count: int = 3) -> str:
    return LOG.format(events="".join(EVENT.format(who=who, i=i % 10) for i in range(count)))


@dataclass(frozen=True)
class Bad:
    """A bad file: what it is called, how it is written, and how it is refused.

    ``says`` are words of the sentence: where it is and what to do.
    """

    what: str
    name: str
    write: Callable[[Path], object]
    code: str
    says: tuple[str, ...]


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content.encode(encoding))


def raw(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def rows(*lines: str, header: str = HEADER) -> Callable[[Path], object]:
    return text("\n".join([header, *lines]) + "\n")


def zipped(member: str, content: bytes) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(member, content)

    return write


def external_entity(path: Path) -> None:
    secret = path.with_name("secret.txt")
    secret.write_text(SECRET)
    uri = secret.resolve().as_uri()
    path.write_text(f'<!DOCTYPE log [<!ENTITY s SYSTEM "{uri}">]>' + xes(who="&s;" + WHO))


def zip_bomb(path: Path) -> None:
    """200 MB of zeros by the table of contents; unpacking them is never begun."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", b"\0" * 1_000)
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 200_000_000)
    path.write_bytes(content)


def nothing(path: Path) -> None:
    """The file is not there."""


FILES = (
    Bad("truncated gz", "log.csv.gz", raw(gzip.compress(GOOD.encode() * 9)[:-20]),
        "truncated-file", ("cut off",)),
    Bad("broken XML", "log.xes", text(xes().replace("</event>", "", 1)),
        "broken-xml", ("line 1",)),
    Bad("cut off XML", "log.xes", text(xes()[:-30]), "broken-xml", ("cut off",)),
    Bad("binary XML", "log.xes", raw(b"<log><trace>" + bytes(range(256))), "broken-xml", ()),
    Bad("entity bomb", "log.xes", text(BOMB + xes(who="&c;" + WHO)), "xml-entities", ("DOCTYPE",)),
    Bad("external entity", "log.xes", external_entity, "xml-entities", ("DOCTYPE",)),
    Bad("XES without resources", "log.xes", text(xes(who="")),
        "missing-column", ("person",)),
    Bad("wrong encoding", "log.csv", raw(GOOD.encode() + "V2,2024-01-02T10:00:00Z,Иван,Склад\n"
        .encode("koi8-r")), "wrong-encoding", ("byte 1", "UTF-8")),
    Bad("bytes that are no text", "log.csv", raw(GOOD.encode() + b"V2\0\1,x,y,z\n" * 9),
        "binary-file", ("Export it",)),
    Bad("mixed time zones", "log.csv", rows(
        "V1,2024-01-02T10:00:00Z,Anna,Vertrieb", "V1,2024-01-02T11:00:00,Bodo,Service"),
        "mixed-time-zones", ("'at'",)),
    Bad("times without a zone", "log.csv", rows("V1,2024-01-02T10:00:00,Anna,Vertrieb"),
        "naive-time", ("--time-zone",)),
    Bad("ambiguous day and month", "log.csv", rows(
        "V1,03/04/2024 10:00 +0100,Anna,Vertrieb", "V1,05/04/2024 10:00 +0100,Bodo,Service"),
        "ambiguous-date", ("--day-first", "--month-first")),
    Bad("most dates of 1970", "log.csv", rows(
        "V1,1970-01-01T00:00:00Z,Anna,Vertrieb", "V1,1970-01-01T00:00:00Z,Bodo,Service"),
        "implausible-dates", ("'at'",)),
    Bad("empty file", "log.csv", raw(b""), "empty-file", ("empty",)),
    Bad("only a header", "log.csv", text(HEADER + "\n"), "no-rows", ("no rows",)),
    Bad("10 MB in one field", "log.csv", rows(
        "V1,2024-01-02T10:00:00Z," + "x" * 10_500_000 + ",Vertrieb"),
        "field-too-large", ("row 1",)),
    Bad("zip bomb", "log.zip", zip_bomb, "zip-bomb", ("zip bomb",)),
    Bad("a path that leaves the archive", "log.zip", zipped("../../evil.csv", GOOD.encode()),
        "archive-path", ("evil.csv",)),
    Bad("a missing file", "absent.csv", nothing, "missing-file", ("absent.csv",)),
    Bad("duplicate ids", "cases.csv", rows(
        "V1,2024-01-02T10:00:00Z,Rechnung", "V1,2024-01-03T10:00:00Z,Umzug",
        "V2,2024-01-03T10:00:00Z,Umzug", header="case_id,opened,topic"),
        "duplicate-ids", ("rows 1, 2",)),
    Bad("broken object-centric JSON", "log.jsonocel", text('{"ocel:events": {"1": '),
        "broken-json", ("line 1",)),
    Bad("object-centric log without its objects", "log.json", text('{"events": [], "a": 1}'),
        "not-ocel", ("'objects'",)),
    Bad("object-centric log whose cases nobody named", "log.json", text(
        '{"objects": [{"id": "o1", "type": "order"}, {"id": "i1", "type": "item"}], "events": '
        '[{"id": "e1", "type": "pay", "time": "2024-03-01T12:00:00Z", "relationships": '
        '[{"objectId": "o1"}, {"objectId": "i1"}]}]}'),
        "case-object-needed", ("--case-object", "'order' (1/1)")),
    Bad("damaged database", "log.sqlite", raw(b"SQLite format 3\0" + b"\xff" * 5_000),
        "broken-database", ("SQLite",)),
    Bad("no column that names a holder", "log.csv", rows(
        "V1,2024-01-02T10:00:00Z,a", "V1,2024-01-02T11:00:00Z,b", header="case_id,at,activity"),
        "duplicate-ids", ("--kind events",)),
)  # fmt: skip
