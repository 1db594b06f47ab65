"""The line between the process that speaks HTTP and the one that answers, here in one process."""

import socket
import threading
from concurrent.futures import Future
from multiprocessing import Pipe

import pytest

from leitweg.domain import errors
from leitweg.domain.errors import LeitwegError, QuestionError, WorkspaceError
from leitweg.studies.desk_calls import Call, Close, Handover, Override, Route
from leitweg.web.desk_line import FarDesk, FarError, NearEnd, kind_of

CALLS = [
    Call("lw_1", Route("Rechnung", {"topic": "bill"}, roster=("A", "B")), "de"),
    Call("lw_1", Handover("C-1", "A", "B")),
    Call("lw_1", Close("C-1", unit="B", unit_path=("A", "B"))),
    Call("lw_1", Override("C-1", "A", "B")),
]


class Desk:
    """Keeps what it was asked until a test answers."""

    def __init__(self):
        self.asked = []
        self.has_asked = threading.Semaphore(0)
        self.is_stopped = False

    def ask(self, call):
        if call.token == "lw_late":
            raise WorkspaceError("1 requests wait already.", code="too-many-waiting", n=1)
        future = Future()
        self.asked.append((call, future))
        self.has_asked.release()
        return future

    def is_ready(self):
        return not self.is_stopped

    def gauges(self):
        return {"leitweg_ready": {"": 1.0}, "leitweg_learnt_cases": {"unit": 7.0}}

    def stop(self):
        self.is_stopped = True


class Line:
    def __init__(self):
        near, far = Pipe()
        self.near = near
        self.desk = Desk()
        self.wants_end = threading.Event()
        self.started = threading.Event()
        self.near_end = NearEnd(near)
        self.thread = threading.Thread(
            target=self.near_end.attend, args=(self.desk, self.started.set), daemon=True
        )
        self.thread.start()
        self.far = FarDesk(far)
        self.far.listen(self.wants_end.set)

    def hang_up(self):
        with socket.fromfd(self.near.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as end:
            end.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)

    def asked(self, *calls):
        futures = [self.far.ask(call) for call in calls]
        for _ in calls:
            assert self.desk.has_asked.acquire(timeout=10)
        return futures


@pytest.fixture
def line():
    made = Line()
    yield made
    made.hang_up()


def test_questions_arrive_whole_and_answers_find_who_asked(line):
    futures = line.asked(*CALLS)
    assert [call for call, _ in line.desk.asked] == CALLS
    for number, (_, future) in reversed(list(enumerate(line.desk.asked))):
        future.set_result({"number": number})
    assert [f.result(10) for f in futures] == [{"number": n} for n in range(len(CALLS))]


def test_errors_come_back_as_what_they_are(line):
    question, fault = line.asked(*CALLS[:2])
    line.desk.asked[0][1].set_exception(QuestionError("No.", code="not-a-date", option="at"))
    line.desk.asked[1][1].set_exception(KeyError("Anna Alt"))
    refused = question.exception(10)
    assert (type(refused), refused.code) == (QuestionError, "not-a-date")
    assert (refused.detail, refused.fields) == ("No.", {"option": "at"})
    slip = fault.exception(10)
    assert isinstance(slip, FarError)
    assert (kind_of(slip), str(slip)) == ("KeyError", "KeyError")
    # for --debug alone
    assert "Anna Alt" in slip.__notes__[0]
    late = line.far.ask(Call("lw_late", Route())).exception(10)
    assert (late.code, late.fields) == ("too-many-waiting", {"n": 1})


def test_what_cannot_go_over_the_line_lets_nobody_wait(line):
    document, error = line.asked(*CALLS[:2])
    line.desk.asked[0][1].set_result({"lock": threading.Lock()})
    line.desk.asked[1][1].set_exception(QuestionError("No.", code="x", lock=threading.Lock()))
    assert [kind_of(future.exception(10)) for future in (document, error)] == ["TypeError"] * 2
    assert line.far.is_ready()


def test_how_the_desk_stands_is_asked_over_the_line(line):
    assert line.far.is_ready()
    assert line.far.gauges()["leitweg_learnt_cases"] == {"unit": 7.0}
    line.far.started()
    assert line.started.wait(10)
    line.far.stop()
    assert line.desk.is_stopped
    assert not line.far.is_ready()
    assert not line.wants_end.is_set()


def test_the_one_that_answers_can_want_an_end(line):
    line.near_end.end()
    assert line.wants_end.wait(10)
    (future,) = line.asked(CALLS[0])
    line.desk.asked[0][1].set_result({})
    assert future.result(10) == {}


def test_whoever_waits_is_told_that_the_other_one_is_gone(line):
    (future,) = line.asked(CALLS[0])
    line.hang_up()
    assert future.exception(10).code == "server-ends"
    assert line.wants_end.wait(10)
    with pytest.raises(WorkspaceError) as refused:
        line.far.ask(CALLS[0])
    assert refused.value.code == "server-ends"
    assert not line.far.is_ready()
    line.far.stop()


def test_an_answer_to_one_who_is_gone_hurts_nobody():
    near, far = Pipe()
    far.close()
    NearEnd(near).end()
    NearEnd(near).attend(Desk(), lambda: None)


@pytest.mark.parametrize(
    "kind",
    [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, LeitwegError)],
)
def test_every_error_goes_from_one_process_to_another_whole(kind):
    near, far = Pipe()
    near.send(kind("No file.", code="missing", path="a.csv", columns=["x"]))
    told = far.recv()
    assert (type(told), told.args, told.code) == (kind, ("No file.",), "missing")
    assert (told.detail, told.fields) == ("No file.", {"path": "a.csv", "columns": ["x"]})
