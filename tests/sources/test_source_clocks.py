"""Times in every form, zones, and what is refused."""

import datetime as dt

import pyarrow as pa
import pytest
from tabular_fixture import NOW_US, utc

from leitweg.domain.errors import SourceError
from leitweg.sources.clocks import Clock, read_times


def times(values, **said):
    plausible = said.pop("plausible", True)
    return read_times("f.csv", "Zeit", pa.array(values), Clock(NOW_US, **said), plausible=plausible)


def in_utc(values, **said):
    return times(values, **said).at_us.to_pylist()


def refusal(values, code, **said):
    with pytest.raises(SourceError) as raised:
        times(values, **said)
    assert raised.value.code == code
    return raised.value.detail


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-06T08:09:10Z", "2024-05-06T08:09:10"),
        ("2024-05-06 08:09:10.123456+02:00", "2024-05-06T06:09:10.123456"),
        ("2024-05-06T08:09:10,5+0200", "2024-05-06T06:09:10.5"),
        ("2024-05-06 08:09 UTC", "2024-05-06T08:09"),
        ("2024-05-06T08:09:10.123456789Z", "2024-05-06T08:09:10.123456"),
        ("20240506T08:09:10+02", "2024-05-06T06:09:10"),
        ("1714982950", "2024-05-06T08:09:10"),
        ("1714982950123", "2024-05-06T08:09:10.123"),
        ("1714982950123456", "2024-05-06T08:09:10.123456"),
    ],
)
def test_times_that_name_their_zone(text, expected):
    assert in_utc([text, None]) == [utc(expected), None]


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-06 08:09:10",
        "2024-05-06T08:09:10",
        "2024/05/06 08:09:10",
        "20240506 08:09:10",
        "06.05.2024 08:09:10",
        "6.5.24, 8:09:10",
        "06/May/24 8:09:10 AM",
        "06-Mai-2024 08:09:10",
        "6. Mai 2024 08:09:10",
    ],
)
def test_naive_times_take_the_named_zone(text):
    assert in_utc([text], time_zone="Europe/Berlin") == [utc("2024-05-06T06:09:10")]
    sentence = refusal([text], "naive-time")
    assert sentence == (
        f"f.csv: column 'Zeit' has times without a zone, as in '{text}'. Name the zone with "
        "--time-zone, for example --time-zone Europe/Berlin."
    )


def test_dates_alone_begin_at_midnight_of_the_zone():
    assert in_utc(["06.05.2024", "7.5.2024 01:30"], time_zone="Europe/Berlin") == [
        utc("2024-05-05T22:00"),
        utc("2024-05-06T23:30"),
    ]


def test_the_clock_of_twelve_hours():
    texts = ["13/1/2024 12:05 AM", "13/1/2024 12:05 PM", "13/1/2024 1:05 pm"]
    assert in_utc(texts, time_zone="UTC") == [
        utc("2024-01-13T00:05"),
        utc("2024-01-13T12:05"),
        utc("2024-01-13T13:05"),
    ]


def test_a_deciding_value_orders_day_and_month():
    day_first = in_utc(["03/04/2024", "25/04/2024"], time_zone="UTC")
    assert day_first == [utc("2024-04-03"), utc("2024-04-25")]
    month_first = in_utc(["03-04-2024", "04-25-2024"], time_zone="UTC")
    assert month_first == [utc("2024-03-04"), utc("2024-04-25")]


def test_an_ambiguous_order_is_refused_unless_the_user_says_it():
    assert refusal(["03/04/2024", "05/06/2024"], "ambiguous-date", time_zone="UTC") == (
        "f.csv: column 'Zeit' may be day or month first, as in '03/04/2024'. "
        "Say which with --day-first or --month-first."
    )
    assert in_utc(["03/04/2024"], time_zone="UTC", day_first=True) == [utc("2024-04-03")]
    assert in_utc(["03/04/2024"], time_zone="UTC", day_first=False) == [utc("2024-03-04")]


def test_a_contradicting_order_is_refused():
    assert refusal(["25/04/2024", "04/26/2024"], "contradicting-dates", time_zone="UTC") == (
        "f.csv: column 'Zeit' contradicts itself: '25/04/2024' has the day first, '04/26/2024' "
        "the month. Export one form, or say which holds with --day-first or --month-first; the "
        "other rows are then rejected."
    )
    read = times(["25/04/2024", "04/26/2024", "01/04/2024"], time_zone="UTC", day_first=True)
    assert read.at_us.to_pylist() == [utc("2024-04-25"), None, utc("2024-04-01")]
    assert [m.tolist() for m in read.faults.values()] == [[False, True, False]]


def test_mixed_zones_are_refused():
    assert refusal(["2024-05-06T08:00:00Z", "2024-05-06T09:00:00"], "mixed-time-zones") == (
        "f.csv: column 'Zeit' mixes times with a zone ('2024-05-06T08:00:00Z') and without "
        "('2024-05-06T09:00:00'). Export all times in one form."
    )


def test_summer_time_is_counted_and_moved():
    texts = ["2024-03-31 02:30:00", "2024-10-27 02:30:00", "2024-07-01 12:00:00"]
    read = times(texts, time_zone="Europe/Berlin")
    assert read.at_us.to_pylist() == [
        utc("2024-03-31T01:30"),  # 02:30 does not exist: 03:30 in summer time
        utc("2024-10-27T00:30"),  # 02:30 occurred twice: the earlier
        utc("2024-07-01T10:00"),
    ]
    assert (read.skipped, read.repeated) == (1, 1)
    assert read.warnings == (
        "f.csv: column 'Zeit': 1 local times do not exist (the clock was put forward); "
        "they were moved on by the gap.",
        "f.csv: column 'Zeit': 1 local times occurred twice (the clock was put back); "
        "the earlier one was taken.",
    )


def test_default_dates_and_the_future_are_faults():
    good = ["2024-05-06T08:00:00Z"] * 4
    read = times([*good, "1970-01-01T00:00:00Z", "1979-12-31T23:59:59Z", "2026-01-03T00:00:00Z"])
    assert {reason: mask.nonzero()[0].tolist() for reason, mask in read.faults.items()} == {
        "a default date (before 1980)": [4, 5],
        "a date in the future": [6],
    }
    assert read.at_us.to_pylist()[4:] == [None, None, None]
    assert in_utc(["2026-01-01T23:00:00Z"]) == [utc("2026-01-01T23:00")]  # within a day


def test_mostly_default_dates_are_an_error():
    texts = ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2024-05-06T08:00:00Z"]
    assert refusal(texts, "implausible-dates") == (
        "f.csv: column 'Zeit': more than half of the values (2 of 3) lie before 1980 or in the "
        "future, such as '1970-01-01T00:00:00Z'. Map another column."
    )


def test_what_is_no_time_is_a_fault_or_an_error():
    read = times(["2024-05-06T08:00:00Z", "2024-13-06T08:00:00Z", "2024-05-07T08:00:00Z"])
    assert read.faults["not a time, or a date that does not exist"].tolist() == [False, True, False]
    assert refusal(["soon", "later", "2024-05-06T08:00:00Z"], "not-a-time") == (
        "f.csv: column 'Zeit': more than half of the values (2 of 3) are no time that can be "
        "read, such as 'soon'. Map another column."
    )


def test_impossible_days_are_faults():
    texts = ["29.02.2023", "31.04.2024", "29.02.2024", "01.01.2024", "02.01.2024"]
    read = times(texts, time_zone="UTC")
    assert read.faulty.tolist() == [True, True, False, False, False]
    assert read.at_us.to_pylist()[2] == utc("2024-02-29")


def test_an_end_of_validity_may_lie_ahead_and_year_9999_is_none():
    texts = ["31.12.9999", "31.12.2030"]
    assert in_utc(texts, time_zone="UTC", plausible=False) == [None, utc("2030-12-31")]


def test_the_header_may_name_utc():
    read = read_times("f", "date_time_utc", pa.array(["2024-05-06 08:00:00"]), Clock(NOW_US))
    assert read.at_us.to_pylist() == [utc("2024-05-06T08:00")]


def test_typed_times_keep_their_zone():
    moments = pa.array([dt.datetime(2024, 5, 6, 8)], pa.timestamp("us"))
    assert in_utc(moments, time_zone="America/New_York") == [utc("2024-05-06T12:00")]
    assert in_utc(moments.cast(pa.timestamp("us", "UTC"))) == [utc("2024-05-06T08:00")]


def test_an_unknown_zone_is_refused():
    assert refusal(["2024-05-06 08:00"], "unknown-time-zone", time_zone="Berlin") == (
        "'Berlin' is not a time zone. Give an IANA name to --time-zone, such as Europe/Berlin "
        "or UTC."
    )


def test_a_zone_without_summer_time_changes_by_its_own_history():
    # Istanbul stays on +03:00 since 2016; Lord Howe moves by half an hour
    assert in_utc(["2016-01-10 12:00", "2024-01-10 12:00"], time_zone="Europe/Istanbul") == [
        utc("2016-01-10T10:00"),
        utc("2024-01-10T09:00"),
    ]
    read = times(["2024-10-06 02:10:00"], time_zone="Australia/Lord_Howe")
    assert read.at_us.to_pylist() == [utc("2024-10-05T15:40")]
    assert read.skipped == 1
