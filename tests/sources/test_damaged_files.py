"""Whatever bytes a file holds: it is read, or refused by a domain sentence, never by a crash."""

import contextlib
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions
from leitweg.domain.progress import silent
from leitweg.sources.mail import read_mail
from leitweg.sources.opening import open_source
from leitweg.sources.reading import read
from leitweg.sources.xes import read_xes

LOG = b"""<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="c1"/>
<event><string key="org:resource" value="Ann"/><string key="concept:name" value="Check"/>
<date key="time:timestamp" value="2024-03-01T12:00:00.5+01:00"/></event></trace></log>
"""
MBOX = b"""From ann@acme.example Fri Mar  1 12:00:00 2024
From: Ann <ann@acme.example>
To: bob@acme.example
Date: Fri, 1 Mar 2024 13:00:00 +0100
Message-ID: <m1@acme.example>

Hello
"""


def _zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xes", LOG)
        archive.writestr("b.mbox", MBOX)
    return buffer.getvalue()


FILES = {
    "a.xes": LOG,
    "a.xes.gz": gzip.compress(LOG),
    "b.mbox": MBOX,
    "b.mbox.gz": gzip.compress(MBOX),
    "c.zip": _zipped(),
}
DAMAGES = st.lists(
    st.tuples(st.integers(0), st.integers(0, 30), st.binary(max_size=12)), max_size=4
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(FILES)), DAMAGES)
def test_damage_is_read_or_refused_by_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, damages: list[tuple[int, int, bytes]]
) -> None:
    content = bytearray(FILES[name])
    for place, length, put in damages:
        at = place % (len(content) + 1)
        content[at : at + length] = put
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(content)
    sentence = _refusal(path)
    assert sentence is None or (damages and sentence.endswith("."))
    assert sentence is None or name.removesuffix(".gz") in sentence


def _refusal(path: Path) -> str | None:
    try:
        _read(path)
    except SourceError as error:
        return error.detail
    return None


def _read(path: Path) -> int:
    count = 0
    for source in open_source(path):
        if source.name.endswith("mbox"):
            count += read_mail([source], ImportOptions(), silent).rows_read
        else:
            count += read_xes(source, ImportOptions(), silent).rows_read
    return count


def test_a_position_beyond_the_archive_is_damage_of_the_archive(tmp_path: Path) -> None:
    raw = bytearray(_zipped())
    end = raw.rindex(b"PK\x05\x06")
    # the table of contents says that it is longer than it is, so members lie before the file
    raw[end + 12 : end + 16] = (int.from_bytes(raw[end + 12 : end + 16], "little") + 40).to_bytes(
        4, "little"
    )
    path = tmp_path / "c.zip"
    path.write_bytes(raw)
    with pytest.raises(SourceError) as caught:
        _read(path)
    assert caught.value.code == "broken-archive"


NETWORKS = {
    "a.graphml": b"""<graphml><key id="d" for="node" attr.name="dept" attr.type="string"/>
<graph edgedefault="directed"><node id="a"><data key="d">x</data></node><node id="b"/>
<edge source="a" target="b"/></graph></graphml>""",
    "b.gexf": b"""<gexf version="1.3"><graph><attributes class="node"><attribute id="0" title="dept"
type="string"/></attributes><nodes><node id="a" label="A"><attvalues><attvalue for="0" value="x"/>
</attvalues></node><node id="b"/></nodes><edges><edge source="a" target="b" weight="2"/></edges>
</graph></gexf>""",
}
CHAT = {
    "users.json": b'[{"id": "U1", "profile": {"email": "a@x.org"}}, {"id": "U2", "is_bot": true}]',
    "dms.json": b'[{"id": "D1", "members": ["U1", "U2"]}]',
    "D1/2024-03-01.json": b'[{"type": "message", "user": "U1", "ts": "1709294400.000100"}]',
}


def _damaged(content: bytes, damages: list[tuple[int, int, bytes]]) -> bytes:
    whole = bytearray(content)
    for place, length, put in damages:
        start = place % (len(whole) + 1)
        whole[start : start + length] = put
    return bytes(whole)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(NETWORKS)), DAMAGES)
def test_damaged_networks_are_read_or_refused_by_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, damages: list[tuple[int, int, bytes]]
) -> None:
    path = tmp_path_factory.mktemp("network") / name
    path.write_bytes(_damaged(NETWORKS[name], damages))
    with contextlib.suppress(SourceError):
        readings = read(path, ImportOptions(time_zone="UTC", day_first=True))
        assert all(reading.tables for reading in readings)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(CHAT)), DAMAGES)
def test_a_damaged_chat_is_read_or_refused_by_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, damages: list[tuple[int, int, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("chat")
    (folder / "D1").mkdir()
    for part, content in CHAT.items():
        (folder / part).write_bytes(_damaged(content, damages) if part == name else content)
    with contextlib.suppress(SourceError):
        (reading,) = read(folder, ImportOptions(kind="slack"))
        assert len(reading.tables["messages"]) == 1
