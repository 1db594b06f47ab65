"""Mails with planted values: addresses, dates, threads, and what is not taken."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.progress import silent
from leitweg.domain.tables import MESSAGES
from leitweg.sources.mail import read_mail, read_mbox
from leitweg.sources.mail_headers import addresses, sent_at_us
from leitweg.sources.mail_stream import is_mail
from leitweg.sources.opening import SourceFile, open_source
from leitweg.sources.reading import read as read_path

NOW_US = 1_800_000_000_000_000
NOON_US = 1_709_294_400_000_000  # 2024-03-01T12:00:00Z
ENVELOPE = "From ann@acme.example Fri Mar  1 12:00:00 2024\n"
NOON = "Fri, 1 Mar 2024 13:00:00 +0100"


def mail(number: int = 1, **headers: str) -> str:
    named = {
        "From": "Ann <ann@acme.example>",
        "To": "bob@acme.example",
        "Date": NOON,
        "Message-ID": f"<m{number}@acme.example>",
        "Subject": "planted-subject",
    }
    named |= {key.replace("_", "-"): value for key, value in headers.items()}
    lines = [f"{key}: {value}" for key, value in named.items() if value]
    return "\n".join([*lines, "", "planted-body", "", ""])


def mbox(*mails: str) -> str:
    return "".join(ENVELOPE + text for text in mails)


def read(folder: Path, text: str | bytes, **options: object) -> Reading:
    path = folder / "box.mbox"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    (source,) = open_source(path)
    return read_mbox(source, ImportOptions(**options), silent, now_us=NOW_US)  # type: ignore[arg-type]


def rows(reading: Reading, *names: str) -> list[tuple[object, ...]]:
    table = reading.tables["messages"]
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))


def test_one_row_per_receiver(tmp_path: Path) -> None:
    text = mail(
        To='"Lee, Bob" <Bob@Acme.example>, cara+x@acme.example',
        Cc="dan@acme.example,\n\t<BOB@acme.example>",
        Bcc="eve@other.example",
    )
    reading = read(tmp_path, mbox(text))
    assert (reading.kind, reading.rows_read, reading.rejects) == ("mbox", 1, ())
    assert reading.tables["messages"].schema == MESSAGES.schema
    assert rows(reading, "message", "at_us", "sender", "receiver", "kind") == [
        ("m1@acme.example", NOON_US, "ann@acme.example", "bob@acme.example", "to"),
        ("m1@acme.example", NOON_US, "ann@acme.example", "cara+x@acme.example", "to"),
        ("m1@acme.example", NOON_US, "ann@acme.example", "dan@acme.example", "cc"),
        ("m1@acme.example", NOON_US, "ann@acme.example", "eve@other.example", "bcc"),
    ]


def test_neither_subject_nor_body_is_kept(tmp_path: Path) -> None:
    assert "planted" not in repr(read(tmp_path, mbox(mail(), mail(2))))


def test_threads_by_ids_in_any_order(tmp_path: Path) -> None:
    mails = [
        mail(1),
        mail(2, In_Reply_To="<m1@acme.example>"),
        mail(3, References="<m1@acme.example> <m2@acme.example>"),
        mail(4, In_Reply_To="<unseen@acme.example>"),
        mail(5, In_Reply_To="<unseen@acme.example>"),
        mail(6),
    ]
    expected = {
        ("m1@acme.example", "m1@acme.example", None),
        ("m2@acme.example", "m1@acme.example", "m1@acme.example"),
        ("m3@acme.example", "m1@acme.example", "m2@acme.example"),
        ("m4@acme.example", "unseen@acme.example", "unseen@acme.example"),
        ("m5@acme.example", "unseen@acme.example", "unseen@acme.example"),
        ("m6@acme.example", "m6@acme.example", None),
    }
    for order in (mails, mails[::-1]):
        reading = read(tmp_path, mbox(*order))
        assert set(rows(reading, "message", "thread", "reply_to")) == expected


def test_without_answers_no_thread_is_claimed(tmp_path: Path) -> None:
    reading = read(tmp_path, mbox(mail(1), mail(2)))
    assert rows(reading, "thread") == [(None,), (None,)]
    assert any("threads are unknown" in warning for warning in reading.warnings)


def test_mails_that_name_each_other_in_a_circle_are_one_thread(tmp_path: Path) -> None:
    circle = [
        mail(1, In_Reply_To="<m2@acme.example>"),
        mail(2, In_Reply_To="<m1@acme.example>", Date="Fri, 1 Mar 2024 14:00:00 +0100"),
    ]
    assert rows(read(tmp_path, mbox(*circle)), "thread") == [("m1@acme.example",)] * 2


@pytest.mark.parametrize(
    ("headers", "column", "reason"),
    [
        ({"Date": "Fri, 1 Mar 2024 13:00:00"}, "Date", "not a time with a zone"),
        ({"Date": "yesterday"}, "Date", "not a time with a zone"),
        ({"Date": "Fri, 31 Feb 2024 13:00:00 +0100"}, "Date", "date that does not exist"),
        ({"Date": ""}, "Date", "missing"),
        ({"Date": "Thu, 1 Jan 1970 00:00:00 +0000"}, "Date", "before 1980"),
        ({"Date": "Fri, 1 Mar 2099 13:00:00 +0100"}, "Date", "future"),
        ({"From": "nobody"}, "From", "missing"),
        ({"To": "undisclosed-recipients:;"}, "To", "missing"),
    ],
)
def test_rejects_have_row_column_reason(
    tmp_path: Path, headers: dict[str, str], column: str, reason: str
) -> None:
    reading = read(tmp_path, mbox(mail(1), mail(2, **headers), mail(3)))
    (reject,) = reading.rejects
    assert (reject.row, reject.column) == (2, column)
    assert reason in reject.reason
    assert reading.rows_read == 3
    assert rows(reading, "message") == [("m1@acme.example",), ("m3@acme.example",)]


def test_bare_times_take_the_zone_that_was_named(tmp_path: Path) -> None:
    text = mbox(mail(Date="Fri, 1 Mar 2024 13:00:00"))
    assert rows(read(tmp_path, text, time_zone="Europe/Berlin"), "at_us") == [(NOON_US,)]
    assert sent_at_us("1 Mar 2024 12:00:00 -0000", None) == NOON_US
    assert sent_at_us("1 Mar 2024 12:00:00 GMT", None) == NOON_US


def test_a_mail_without_id_gets_a_stable_one(tmp_path: Path) -> None:
    unnamed = mail(Message_ID="")
    first = rows(read(tmp_path, mbox(unnamed, mail(2))), "message")[0]
    later = rows(read(tmp_path, mbox(mail(3), unnamed)), "message")[1]
    assert first == later
    assert str(first[0]).startswith("mail-")


def test_copies_count_once_and_complete_each_other(tmp_path: Path) -> None:
    reading = read(tmp_path, mbox(mail(), mail(Bcc="eve@acme.example")))
    assert rows(reading, "receiver", "kind") == [
        ("bob@acme.example", "to"),
        ("eve@acme.example", "bcc"),
    ]
    assert any("1 mails are copies" in warning for warning in reading.warnings)


def test_own_domain_is_that_of_most_mails(tmp_path: Path) -> None:
    text = mbox(
        mail(1),
        mail(2, From="dan@it.acme.example", To="eve@customer.example"),
        mail(3, From="eve@customer.example"),
        mail(4),
    )
    reading = read(tmp_path, text)
    assert rows(reading, "sender_outside", "receiver_outside") == [
        (False, False),
        (False, True),
        (True, False),
        (False, False),
    ]
    assert any("'acme.example'" in warning for warning in reading.warnings)


def test_machines_by_name_and_by_their_own_word(tmp_path: Path) -> None:
    text = mbox(
        mail(1, From="noreply@acme.example"),
        mail(2, From="ops7@acme.example", Auto_Submitted="auto-generated"),
        mail(3, From="carl@acme.example", Auto_Submitted="auto-replied"),
    )
    assert read(tmp_path, text).machine_proposals == ("noreply@acme.example", "ops7@acme.example")
    named = read(tmp_path, text, machines=("ops7@acme.example",))
    assert named.machine_proposals == ("noreply@acme.example",)
    assert named.tables["people"]["person"].to_pylist() == ["ops7@acme.example"]


def test_body_lines_do_not_begin_a_mail(tmp_path: Path) -> None:
    body = (
        "From what I see this is fine.\n\nFrom here: nothing, at 10:00 in 2024\nDate: never\n\n"
        ">From: x@y.example\n\n"
    )
    reading = read(tmp_path, mbox(mail(1) + body, mail(2)))
    assert rows(reading, "message") == [("m1@acme.example",), ("m2@acme.example",)]
    assert (reading.rows_read, reading.rejects) == (2, ())


def test_line_ends_of_windows_and_bytes_beyond_ascii(tmp_path: Path) -> None:
    text = mbox(mail(1, From="Jörg Müller <jm@acme.example>"), mail(2)).replace("\n", "\r\n")
    for encoding in ("utf-8", "cp1252"):
        reading = read(tmp_path, text.encode(encoding))
        assert rows(reading, "sender") == [("jm@acme.example",), ("ann@acme.example",)]


def test_single_mails_in_a_folder_and_a_zip_are_one_set(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    packed = tmp_path / "mails.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number, answer in ((1, ""), (2, "<m1@acme.example>")):
            text = mail(number, In_Reply_To=answer) + ENVELOPE + mail(9)
            (folder / f"{number}.eml").write_text(text)
            archive.writestr(f"{number}.eml", text)
    for path in (folder, packed):
        reading = read_mail(list(open_source(path)), ImportOptions(), silent, now_us=NOW_US)
        assert rows(reading, "message", "thread") == [
            ("m1@acme.example", "m1@acme.example"),
            ("m2@acme.example", "m1@acme.example"),
        ]


def test_a_body_of_one_huge_line_is_passed_over(tmp_path: Path) -> None:
    reading = read(tmp_path, mbox(mail(1) + "x" * 12_000_000 + "\n\n", mail(2)))
    assert reading.rows_read == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("From;To\na;b\n", "not-mail"),
        (bytes(range(256)) * 9, "not-mail"),
        ("Hello Bob,\n\nFrom: me\n", "not-mail"),
        (mbox(mail(Subject="x" * 10_000_000)), "field-too-large"),
        (mbox(mail(Date="Fri, 1 Mar 2024 13:00:00")), "no-usable-rows"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, text: str | bytes, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text)
    assert caught.value.code == code
    assert caught.value.detail.startswith("box.mbox: ")


def test_cut_off_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "box.mbox.gz"
    text = mbox(*[mail(i, To=f"p{i * i}@acme.example") for i in range(9000)])
    path.write_bytes(gzip.compress(text.encode())[:-40])
    (source,) = open_source(path)
    with pytest.raises(SourceError) as caught:
        read_mbox(source, ImportOptions(), silent)
    assert caught.value.code == "truncated-file"


def test_kind_is_told_by_the_headers() -> None:
    assert is_mail(mbox(mail()).encode())
    assert is_mail(mail().encode()[:70])
    assert is_mail(b"Received: from a\n\tby b; x\nReturn-Path: <a@b>\n")
    assert not is_mail(b"From,To,Date\nx,y,z\n")
    assert not is_mail(b"From: x\n")
    assert not is_mail(b"<?xml version='1.0'?><log>")


def test_odd_addresses() -> None:
    assert addresses(["a@x.example (Ann, of b@y.example)", "Team: c@x.example, d@x.example;"]) == [
        "a@x.example",
        "c@x.example",
        "d@x.example",
    ]
    assert addresses(["x@y.example <real@y.example>", "'Z@y.example'", "/O=ACME/CN=ANN"]) == [
        "real@y.example",
        "z@y.example",
    ]


WORD = st.text("abcdefghij0123456789", min_size=1, max_size=6)
MAILS = st.lists(
    st.tuples(
        WORD,
        st.lists(WORD, min_size=1, max_size=4, unique=True),
        st.text(st.characters(codec="utf-8"), max_size=60),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@given(MAILS)
def test_what_was_written_is_read(mails: list[tuple[str, list[str], str, bool]]) -> None:
    expected = []
    texts = []
    for number, (sender, receivers, body, folded) in enumerate(mails):
        separator = ",\n " if folded else ", "
        head = mail(
            number,
            From=f"{sender}@acme.example",
            To=separator.join(f"X <{r}@acme.example>" for r in receivers),
        )
        texts.append(head + body.replace("From ", ">From ") + "\n\n")
        expected += [(f"m{number}@acme.example", sender, r) for r in receivers]
    content = mbox(*texts).encode()
    source = _source(content)
    reading = read_mbox(source, ImportOptions(), silent, now_us=NOW_US)
    found = rows(reading, "message", "sender", "receiver")
    assert found == [(m, f"{s}@acme.example", f"{r}@acme.example") for m, s, r in expected]


def _source(content: bytes) -> SourceFile:
    return SourceFile("box.mbox", Path("box.mbox"), len(content), lambda: io.BytesIO(content))


def test_a_maildir_is_its_mails_also_in_its_folders(tmp_path: Path) -> None:
    box = tmp_path / "Maildir"
    for folder in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"):
        (box / folder).mkdir(parents=True)
    answer = {"In-Reply-To": "<m1@acme.example>"}
    (box / "cur" / "1.host:2,S").write_text(mail(1), encoding="utf-8")
    (box / "new" / "2.host").write_text(mail(2, Message_ID="", **answer), encoding="utf-8")
    (box / ".Sent" / "cur" / "3.host:2,S").write_text(mail(3, **answer), encoding="utf-8")
    (box / "tmp" / "4.host").write_text(mail(4), encoding="utf-8")
    (box / "dovecot-uidlist").write_text("3 V1 N4", encoding="utf-8")
    (box / "maildirfolder").touch()
    for kind in ("auto", "mbox"):
        (reading,) = read_path(box, ImportOptions(kind=kind), now_us=NOW_US)
        assert reading.kind == "mbox"
        assert reading.rows_read == 3
        assert set(rows(reading, "thread")) == {("m1@acme.example",)}
