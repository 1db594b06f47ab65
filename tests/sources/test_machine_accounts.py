"""Accounts that look like machines: by name, or by never sleeping."""

import numpy as np
import pyarrow as pa
import pytest

from leitweg.sources.machines import looks_like_machine, propose_machines

HOUR_US = 3_600_000_000


@pytest.mark.parametrize(
    "account",
    ["Siebel", "fr-Siebel", "SYSTEM", "system_user", "noreply@acme.example", "no-reply@x.example",
     "batch_07", "Batchjob", "MAILER-DAEMON", "workflow", "admin-bot", "Automat", "root@localhost"],
)  # fmt: skip
def test_names_of_machines(account):
    assert looks_like_machine(account)


@pytest.mark.parametrize(
    "account", ["Anna Systermann", "Otto", "Robert", "bot@acme"[1:], "Autry", "Abbott", "17", "Dae"]
)
def test_names_of_people(account):
    assert not looks_like_machine(account)


def test_who_acts_around_the_clock_for_many_units_is_proposed():
    hours = np.arange(720)
    persons = ["restless"] * 720 + ["shift"] * 720 + ["one unit"] * 720
    at = np.concatenate((hours, hours // 16 * 24 + hours % 16, hours)) * HOUR_US
    units = [f"U{h % 7}" for h in hours] * 2 + ["U1"] * 720
    people = persons + [f"p{i}" for i in range(40)]
    at_us = pa.array(np.concatenate((at, np.arange(40) * HOUR_US)))
    unit = pa.array(units + ["U1"] * 40)
    assert propose_machines(pa.array(people), at_us, unit) == ("restless",)
    assert propose_machines(pa.array(people), at_us, None) == ("one unit", "restless")
    assert propose_machines(pa.array(people), None, unit) == ()


def test_four_hundred_events_are_too_few():
    at_us = pa.array(np.arange(400) * HOUR_US)
    units = pa.array([f"U{i % 7}" for i in range(400)])
    assert propose_machines(pa.array(["a"] * 400), at_us, units) == ()


def test_a_log_without_nights_proposes_nobody_by_rhythm():
    at_us = pa.array(np.tile(np.arange(600), 5) * HOUR_US)
    persons = pa.array([f"p{i // 600}" for i in range(3000)])
    units = pa.array([f"U{i % 7}" for i in range(3000)])
    assert propose_machines(persons, at_us, units) == ()


def test_nobody_is_nobody():
    nobody = pa.nulls(3, pa.string())
    assert propose_machines(nobody, pa.array([1, 2, 3]), nobody) == ()
