import multiprocessing
import os
import threading

import pytest

from canonical_rows import events, fixed_clock
from leitweg.domain.errors import WorkspaceError
from leitweg.store import create_workspace, open_workspace


def write_cases(folder, name, start, count):
    """Run in a process of its own: wait for the start, then append one case at a time."""
    start.wait()
    for number in range(count):
        with open_workspace(folder).writing() as change:
            change.add({"events": events((f"{name}{number}", number, "al", "A"))})


def test_two_processes_that_write_at_once_both_succeed(tmp_path):
    place = create_workspace(tmp_path / "w", profile="open", clock=fixed_clock)
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    writers = [
        context.Process(target=write_cases, args=(place.folder, name, start, 5)) for name in "ab"
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    found = open_workspace(place.folder).read("events")["case_id"].to_pylist()
    assert sorted(found) == [f"{name}{number}" for name in "ab" for number in range(5)]


def test_who_waits_in_vain_learns_who_writes(tmp_path):
    place = create_workspace(tmp_path / "w", profile="open", clock=fixed_clock)
    errors = []

    def second():
        try:
            with open_workspace(place.folder).writing(timeout_seconds=0.1):
                pass
        except WorkspaceError as error:
            errors.append(error)

    with place.writing() as change:
        change.add({"events": events(("a", 1, "al", "A"))})
        other = threading.Thread(target=second)
        other.start()
        other.join()
    (error,) = errors
    assert error.code == "workspace-locked"
    assert error.fields["holder"]["process"] == os.getpid()
    assert f"process {os.getpid()}" in error.detail
    assert "2026-03-01T12:00:00Z" in error.detail
    assert place.rows("events") == 1


def test_a_workspace_that_went_away_meanwhile_is_said_to_be_missing(tmp_path):
    place = create_workspace(tmp_path / "w", profile="open")
    open_workspace(place.folder).discard()
    with pytest.raises(WorkspaceError) as caught, place.writing():
        pass
    assert caught.value.code == "workspace-missing"
    assert not place.folder.exists()
