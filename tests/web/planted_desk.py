"""A desk with planted answers: tests ask who may ask, what is noted, and what it looks like."""

from dataclasses import dataclass, field

from leitweg.domain.errors import QuestionError
from leitweg.domain.routing_journal import JournalEntry
from leitweg.studies.desk import Desk
from leitweg.studies.desk_calls import Route
from leitweg.studies.desk_state import Answered

CONTACT = {
    "rank": 1,
    "contact": "Billing",
    "probability": 0.75,
    "available": True,
    "reasons": [{"text": "Topic bill: resolved 3 of 4", "weight": 1.5}],
    "similar_cases": ["C-1"],
}


@dataclass
class PlantedState:
    """Answers every route with Billing; fails where the text says how."""

    place: object
    asked: list = field(default_factory=list)
    written: list = field(default_factory=list)
    learnt: list = field(default_factory=list)

    def facts(self, question):
        return {"asked": type(question).__name__.lower()}

    def answer(self, call):
        self.asked.append(call)
        question = call.question
        if not isinstance(question, Route):
            noted = type(question).__name__.lower()
            kept = JournalEntry(1, "closed", case_id=question.case_id, unit="Billing")
            return Answered({"case_id": question.case_id, "noted": noted}, 1, kept)
        if question.text == "fault":
            raise RuntimeError("Anna Alt")
        if question.text == "refuse":
            raise QuestionError("No level.", code="not-a-date", option="at")
        document = {
            "level": question.level or "unit",
            "abstain": False,
            "threshold": 0.5,
            "expected_transfers": 0.3,
            "contacts": [CONTACT],
        }
        return Answered(document, 1, JournalEntry(1, "routed", case_id=question.case_id))

    def keeping(self, entries):
        return lambda connection: self.written.extend(entries)

    def learn(self):
        self.learnt.append(len(self.written))

    def is_behind(self):
        return False

    def gauges(self):
        return {"leitweg_learnt_cases": {"unit": 7.0}}


def planted_desk(place):
    """Return a desk and the state that it answers from."""
    state = PlantedState(place)
    return Desk(state, lambda known: None), state
