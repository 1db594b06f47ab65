"""Plain files, archives and folders; archives that must not be opened."""

import gzip
import io
import stat
import zipfile
from pathlib import Path

import pytest

from leitweg.domain.errors import SourceError
from leitweg.sources import archives, guarded
from leitweg.sources.opening import SourceFile, open_source


def contents(path: Path) -> dict[str, bytes]:
    found = {}
    for source in open_source(path):
        with source.open() as stream:
            found[source.name] = stream.read()
    return found


def refusal(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        contents(path)
    return caught.value


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("docProps/app.xml", "<a/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
    return buffer.getvalue()


def test_plain_file_keeps_its_name_and_size(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(b"a;b\n1;2\n")
    (source,) = open_source(tmp_path / "log.csv")
    assert (source.name, source.size, source.head(3)) == ("log.csv", 8, b"a;b")
    assert source.path == tmp_path / "log.csv"


def test_gzip_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    packed = gzip.compress(b"a;b\n" * 1000)
    (tmp_path / "log.csv.gz").write_bytes(packed)
    (tmp_path / "other.csv").write_bytes(packed)
    assert contents(tmp_path / "log.csv.gz") == {"log.csv": b"a;b\n" * 1000}
    assert contents(tmp_path / "other.csv") == {"other.csv": b"a;b\n" * 1000}
    (source,) = open_source(tmp_path / "log.csv.gz")
    assert source.size == 4000


def test_zip_gives_members_sorted_without_clutter(tmp_path: Path) -> None:
    members = {"b/2.eml": b"two", "a.csv": b"one", "__MACOSX/._a.csv": b"x", ".DS_Store": b"x"}
    path = zip_of(tmp_path / "mails.zip", {**members, "./c.csv": b"three", "d/": b""})
    found = contents(path)
    assert list(found.items()) == [
        ("mails.zip/./c.csv", b"three"),
        ("mails.zip/a.csv", b"one"),
        ("mails.zip/b/2.eml", b"two"),
    ]


def test_members_stay_readable_after_the_walk(tmp_path: Path) -> None:
    sources = list(open_source(zip_of(tmp_path / "x.zip", {"a": b"one", "b": b"two"})))
    with sources[1].open() as second, sources[0].open() as first:
        assert (first.read(), second.read()) == (b"one", b"two")


def test_folder_is_walked_sorted_and_archives_in_it_are_opened(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.eml").write_bytes(b"B")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"A"))
    (tmp_path / ".hidden").write_bytes(b"no")
    zip_of(tmp_path / "z.zip", {"m.eml": b"M"})
    assert contents(tmp_path) == {"a.csv": b"A", "sub/b.eml": b"B", "z.zip/m.eml": b"M"}


def test_workbook_is_one_file_although_it_is_a_zip(tmp_path: Path) -> None:
    (tmp_path / "people.xlsx").write_bytes(workbook())
    assert list(contents(tmp_path / "people.xlsx")) == ["people.xlsx"]
    packed = zip_of(tmp_path / "hr.zip", {"people.xlsx": workbook()})
    (source,) = open_source(packed)
    with source.open() as stream:
        assert zipfile.ZipFile(stream).namelist() == ["docProps/app.xml", "[Content_Types].xml"]


def packed(content: bytes) -> bytes:
    # the bytes name the test: without a time in them every worker collects the same names
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (packed(b""), "empty-file"),
        (packed(bytes(range(256)) * 400)[:-300], "truncated-file"),
        (packed(b"abc")[:12], "truncated-file"),
        (packed(b"abc" * 999)[:10] + b"\xff" * 20, "broken-archive"),
        (packed(b"abc")[:-8] + b"\0" * 8, "broken-archive"),
        (packed(packed(b"abc")), "nested-archive"),
        (b"PK\x03\x04 and then nothing", "broken-archive"),
        (workbook()[:-30], "broken-archive"),
        (b"7z\xbc\xaf\x27\x1c...", "unsupported-archive"),
        (b"\0" * 257 + b"ustar\0" + b"\0" * 99, "unsupported-archive"),
        (packed(b"\0" * 257 + b"ustar\0" + b"\0" * 99), "unsupported-archive"),
    ],
)
def test_bad_files_are_refused_by_one_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "bad.bin"
    path.write_bytes(content)
    error = refusal(path)
    assert error.code == code
    assert error.detail.startswith("bad.bin: ")
    assert error.detail.endswith(".")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({}, "empty-archive"),
        ({"a.csv": b""}, "empty-file"),
        ({"../a.csv": b"x"}, "archive-path"),
        ({"a/../../b.csv": b"x"}, "archive-path"),
        ({"/etc/a.csv": b"x"}, "archive-path"),
        ({"..\\a.csv": b"x"}, "archive-path"),
        ({"C:\\a.csv": b"x"}, "archive-path"),
        ({"in.zip": b"PK\x03\x04..."}, "nested-archive"),
        ({"a.csv.gz": packed(b"x")}, "nested-archive"),
        ({"a.rar": b"Rar!\x1a\x07\x01"}, "unsupported-archive"),
    ],
)
def test_bad_members_are_refused(tmp_path: Path, members: dict[str, bytes], code: str) -> None:
    error = refusal(zip_of(tmp_path / "x.zip", members))
    assert (error.code, str(error.fields["path"])[:5]) == (code, "x.zip")


def test_a_path_that_stays_inside_is_taken(tmp_path: Path) -> None:
    assert contents(zip_of(tmp_path / "x.zip", {"a/../b.csv": b"x"})) == {"x.zip/a/../b.csv": b"x"}


def test_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert refusal(tmp_path / "x.zip").code == "archive-link"


def test_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "x.zip", {"a.csv": b"secret"})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert refusal(path).code == "encrypted-archive"


def test_damaged_member_is_refused_while_reading(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", b"abcdef" * 1000)
    raw = bytearray(path.read_bytes())
    raw[3000] ^= 0xFF
    path.write_bytes(raw)
    error = refusal(path)
    assert (error.code, error.fields["path"]) == ("broken-archive", "x.zip/a.csv")


def test_zip_bomb_is_refused_by_its_table_of_contents(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", b"\0" * 110_000_000)
    error = refusal(path)
    assert error.code == "zip-bomb"
    assert "200 times its size" in error.detail


def test_gzip_bomb_is_refused_while_it_unpacks(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb") as stream:
        for _ in range(130):
            stream.write(b"\0" * 1_000_000)
    (source,) = open_source(path)
    with source.open() as stream:
        assert len(stream.read(90_000_000)) == 90_000_000
        with pytest.raises(SourceError) as caught:
            stream.read(20_000_000)
    assert caught.value.code == "zip-bomb"


def test_limits_on_size_and_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zip_of(tmp_path / "x.zip", {"a": b"1234", "b": b"5678"})
    monkeypatch.setattr(archives, "MAX_MEMBERS", 1)
    assert refusal(path).code == "too-many-members"
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    monkeypatch.setattr(guarded, "MAX_UNPACKED_BYTES", 7)
    assert refusal(path).code == "archive-too-large"
    monkeypatch.setattr(guarded, "MAX_UNPACKED_BYTES", 8)
    assert len(contents(path)) == 2


def test_missing_file_and_empty_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.csv").code == "missing-file"
    assert "no.csv: there is no such file" in refusal(tmp_path / "no.csv").detail
    assert refusal(tmp_path).code == "empty-folder"


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"x")

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(tmp_path / "a.csv").code == "no-permission"


def test_link_out_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(b"x")
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.eml").symlink_to(tmp_path / "secret.csv")
    assert refusal(folder).code == "archive-path"


def test_source_file_is_a_value(tmp_path: Path) -> None:
    source = SourceFile("a", tmp_path, 1, lambda: io.BytesIO(b"abc"))
    assert source.head(2) == b"ab"
