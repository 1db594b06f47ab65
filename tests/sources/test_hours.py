"""Hours of a week as people write them."""

import pytest

from leitweg.sources.hours import read_hours

OFFICE = ((480, 1020),)
NONE = ()


def minutes(text):
    return read_hours(text, "UTC").days


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 08:00-17:00",
        "Mon–Fri 8:00–17:00",
        "Monday to Friday: 8 - 17",
        "Montag bis Freitag 8.00 bis 17.00 Uhr",
        "mo, di, mi, do, fr 8-17",
        "Mo-Do 8-17; Fr 8-17",
        "Mo-Do 8-17, Fr 8-17",
        "Mo-Fr 8-12, 12-17",
    ],
)
def test_one_week_in_many_ways(text):
    assert minutes(text) == (OFFICE,) * 5 + (NONE, NONE)


def test_a_night_shift_goes_on_into_the_next_day():
    week = minutes("Fr 22:00-06:00")
    assert week[4] == ((1320, 1440),)
    assert week[5] == ((0, 360),)


def test_a_week_that_turns_over_sunday():
    assert minutes("Sa-Mo 9-12") == (((540, 720),), *[NONE] * 4, ((540, 720),), ((540, 720),))


def test_always_and_daily():
    assert minutes("24/7") == (((0, 1440),),) * 7
    assert minutes("täglich 6-22") == (((360, 1320),),) * 7
    assert minutes("0-24") == (((0, 1440),),) * 7


def test_a_zone_at_the_end_wins():
    assert read_hours("Mo 8-9 Europe/Berlin", "UTC").zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Mo-Fr", "not hours of a week"),
        ("Mo 8-9-10", "not hours of a week"),
        ("whenever 8", "not hours of a week"),
        ("Xx 8-9", "a word that is no weekday"),
        ("Mo-Di-Mi 8-9", "not a span of weekdays"),
        ("Mo 8-25", "not a time of day"),
        ("Mo 8:70-9", "not a time of day"),
        ("Mo 8-8", "a span that ends where it begins"),
        ("Mo 8-9 Europe/Nowhere", "no such time zone"),
    ],
)
def test_what_is_wrong_is_said(text, reason):
    with pytest.raises(ValueError, match=reason):
        read_hours(text, "UTC")


def test_hours_need_a_zone():
    with pytest.raises(ValueError, match="hours without a time zone"):
        read_hours("Mo 8-9", None)
