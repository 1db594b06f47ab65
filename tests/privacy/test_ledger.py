"""The release ledger: what could isolate somebody is refused, whoever asks and whenever."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from asked_groups import APRIL, FEBRUARY, FOUR_GROUPS, JANUARY, KEY, ONE, people

from leitweg.privacy.ledger import Ledger
from leitweg.privacy.ledger_files import FOLDER
from leitweg.store.application import open_database

ALWAYS = (None, None)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(tmp_path):
    return open_database(tmp_path, "aa11")


@pytest.fixture
def ledger(database):
    return Ledger(database, KEY)


def asked(ledger, *groups, variable="waiting", period=ALWAYS, record=True):
    return ledger.decide(variable, period, groups, record=record)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=str)
def test_the_fourth_of_four_groups_that_isolate_one_person_is_refused(ledger, order):
    groups = [FOUR_GROUPS[number] for number in order]
    assert asked(ledger, *groups) == [True, True, True, False]


def test_every_two_of_the_four_groups_differ_in_at_least_twelve_people():
    pairs = itertools.combinations(map(set, FOUR_GROUPS), 2)
    assert min(len(one ^ other) for one, other in pairs) == 12


def test_two_users_share_the_ledger(database):
    ann, ben = Ledger(database, KEY), Ledger(database, KEY)
    askers = (ann, ben, ann, ben)
    answers = [asked(who, group) for who, group in zip(askers, FOUR_GROUPS, strict=True)]
    assert answers == [[True], [True], [True], [False]]


def test_a_restart_forgets_nothing(tmp_path):
    answers = []
    for group in FOUR_GROUPS:
        again = Ledger(open_database(tmp_path, "aa11"), KEY)
        answers += asked(again, group)
    assert answers == [True, True, True, False]


ASK = """
import sys
from pathlib import Path
from asked_groups import FOUR_GROUPS, KEY
from leitweg.privacy.ledger import Ledger
from leitweg.store.application import open_database
ledger = Ledger(open_database(Path(sys.argv[1]), "aa11"), KEY)
print("ready", flush=True)
sys.stdin.readline()
for number in sys.argv[2:]:
    print(ledger.decide("waiting", (None, None), [FOUR_GROUPS[int(number)]])[0], flush=True)
"""


def test_two_processes_at_once_do_not_both_get_the_fourth_answer(database):
    def start(*numbers):
        words = [sys.executable, "-c", ASK, str(database.path.parent), *numbers]
        where = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests' / 'privacy'}"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        return subprocess.Popen(words, text=True, env=where, **pipes)

    askers = [start("0", "1"), start("2", "3")]
    for asker in askers:
        assert asker.stdout.readline() == "ready\n"
    for asker in askers:
        asker.stdin.write("go\n")
        asker.stdin.flush()
    words = [word for asker in askers for word in asker.communicate(timeout=120)[0].split()]
    assert sorted(words) == ["False", "True", "True", "True"]


def test_a_group_and_the_same_without_one_person_do_not_both_leave(ledger):
    team = people(0, 20)
    assert asked(ledger, team, team[1:], team[5:], team[4:]) == [True, False, True, False]


def test_who_joins_or_leaves_between_neighbouring_periods_is_not_told(ledger):
    team = people(0, 20)
    assert asked(ledger, team, period=JANUARY) == [True]
    assert asked(ledger, [*team, *ONE], period=FEBRUARY) == [False]
    assert asked(ledger, team[4:], period=FEBRUARY) == [False]
    assert asked(ledger, team[5:], period=FEBRUARY) == [True]


def test_the_next_wave_is_a_neighbour_though_months_lie_between(ledger):
    team = people(0, 20)
    assert asked(ledger, team, period=JANUARY) == [True]
    assert asked(ledger, team[1:], period=APRIL) == [False]


def test_a_chain_over_several_periods_is_not_seen(ledger):
    """The limit that docs/methods/release-ledger.md tells of: each step differs in five."""
    team = people(0, 20)
    assert asked(ledger, team, period=JANUARY) == [True]
    assert asked(ledger, team[6:], period=FEBRUARY) == [True]
    assert asked(ledger, team[1:], period=APRIL) == [True]


def test_another_variable_is_judged_alone(ledger):
    for variable in ("waiting", "load"):
        assert asked(ledger, *FOUR_GROUPS, variable=variable) == [True, True, True, False]


@pytest.mark.parametrize("size", [0, 1, 4])
def test_fewer_than_k_people_never_leave(ledger, size):
    assert asked(ledger, people(0, size)) == [False]


def test_naming_somebody_twice_makes_no_more_people(ledger):
    assert asked(ledger, people(0, 4) * 2) == [False]


def test_a_set_that_left_before_leaves_again_whatever_its_order(ledger, database):
    asked(ledger, *FOUR_GROUPS)
    again = [group[::-1] for group in FOUR_GROUPS]
    assert asked(ledger, *again) == [True, True, True, False]
    assert asked(Ledger(database, KEY), *again[:3]) == [True, True, True]
    assert count(database) == 3


def count(database):
    with database.reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM released_sets").scalar()


def test_without_recording_nothing_stays(ledger, database):
    assert asked(ledger, *FOUR_GROUPS, record=False) == [True, True, True, False]
    assert count(database) == 0
    assert asked(ledger, FOUR_GROUPS[3]) == [True]


def test_a_larger_k_asks_for_larger_differences(database):
    team = people(0, 30)
    assert asked(Ledger(database, KEY, k=10), team, team[9:], team[10:]) == [True, False, True]


def test_a_transaction_that_fails_leaves_nothing(database):
    def broken():
        raise ZeroDivisionError

    failing = Ledger(database, KEY, clock=broken)
    with pytest.raises(ZeroDivisionError):
        asked(failing, people(0, 9))
    assert count(database) == 0


def blocks(*numbers):
    return [person for n in numbers for person in people(100 + 8 * n, 108 + 8 * n)]


@pytest.fixture
def with_file(ledger, database, monkeypatch):
    """A ledger of twelve blocks and three of the four groups, with what it computed in a file."""
    monkeypatch.setattr("leitweg.privacy.ledger_state._DIRECTIONS", 8)
    asked(ledger, *(blocks(n) for n in range(12)), *FOUR_GROUPS[:3])
    (file,) = (database.path.parent / FOLDER).iterdir()
    return file


def test_what_was_computed_is_kept_for_the_owner_alone(with_file):
    assert with_file.stat().st_mode & 0o777 == 0o600
    assert with_file.parent.stat().st_mode & 0o777 == 0o700


def test_what_was_kept_is_used(with_file, database, monkeypatch):
    monkeypatch.setattr("leitweg.privacy.ledger_state.LedgerState.add", None)
    assert asked(Ledger(database, KEY), FOUR_GROUPS[3]) == [False]


@pytest.mark.parametrize("damage", ["changed", "cut", "empty", "gone"])
def test_a_damaged_file_is_as_good_as_none(with_file, database, damage):
    content = with_file.read_bytes()
    if damage == "gone":
        with_file.unlink()
    else:
        changed = content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]
        with_file.write_bytes({"changed": changed, "cut": content[:50], "empty": b""}[damage])
    assert asked(Ledger(database, KEY), FOUR_GROUPS[3], blocks(0, 1)) == [False, True]


def test_a_file_of_other_sets_is_not_trusted(with_file, database):
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM released_sets WHERE id = 13")
    # without the first of the four groups the other three are harmless
    assert asked(Ledger(database, KEY), FOUR_GROUPS[3]) == [True]


def test_no_stored_id_is_in_the_database_or_in_the_file(with_file, database):
    for content in (with_file.read_bytes(), database.path.read_bytes()):
        assert FOUR_GROUPS[0][0].encode() not in content
