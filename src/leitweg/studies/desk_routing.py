"""Who is the right contact, and what became of it? The desk's answers from routers in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from leitweg.domain.errors import QuestionError
from leitweg.domain.rosters import Standing
from leitweg.domain.routing import Level, Ranking, Request
from leitweg.domain.routing_journal import JournalEntry, Suggested
from leitweg.privacy.release_routing import Tells
from leitweg.routing.exploration import explored
from leitweg.store import Workspace
from leitweg.store.application.audit import Beside
from leitweg.store.application.routing_journal import position
from leitweg.studies.asked_request import Parts
from leitweg.studies.desk_calls import Call, Close, Handover, Question, Route
from leitweg.studies.desk_cases import Cases
from leitweg.studies.desk_state import Answered
from leitweg.studies.learning import HeldRouter, follow
from leitweg.studies.routing_answers import Answers, Choice, answer
from leitweg.studies.routing_document import route_document
from leitweg.studies.routing_journal import RoutingJournal
from leitweg.studies.routing_scene import Scene

ROSTER_UNKNOWN = "roster-unknown"


@dataclass(frozen=True)
class Ways:
    """How a desk answers.

    Attributes
    ----------
    level
        Where a question names none.
    explore
        Share of answers in which two near contacts change places, where a human chooses.
    seed
        Of that chance, and of the learning.
    """

    level: Level = "unit"
    explore: float = 0.0
    seed: int = 0


class RoutingState:
    """One state of a workspace with its routers.

    Parameters
    ----------
    place
        The workspace.
    held, scenes
        By level: the router that learns on, and what its answers need beside it.
    ways
        How to answer.
    """

    def __init__(
        self,
        place: Workspace,
        held: Mapping[Level, HeldRouter],
        scenes: Mapping[Level, Scene],
        ways: Ways,
    ) -> None:
        self.place = place
        self.is_outdated = False
        self._held = held
        self._scenes = scenes
        self._ways = ways
        self._tells: dict[Level, Tells | None] = {lv: scene.tells() for lv, scene in scenes.items()}
        self._journal = RoutingJournal(place)
        self._cases = Cases(
            place, self._journal, {level: scene.spellings for level, scene in scenes.items()}
        )
        self._chance = np.random.default_rng(ways.seed)

    def facts(self, question: Question) -> dict[str, object]:
        """Return what the audit log says of a question: numbers and labels of options, no names."""
        asked: dict[str, object] = {"asked": type(question).__name__.lower(), "over": "http"}
        if isinstance(question, Route):
            roster = None if question.roster is None else len(question.roster)
            asked |= {"top": question.top, "tried": len(question.tried), "roster": roster}
        if not isinstance(question, Close):
            asked["level"] = question.level or self._ways.level
        return asked

    def answer(self, call: Call) -> Answered:
        """Answer a question, or raise the domain error that says why not."""
        question = call.question
        if isinstance(question, Route):
            return self._route(question, call.language)
        if isinstance(question, Close):
            return self._cases.closed(question)
        level = self._level(question.level)
        if isinstance(question, Handover):
            ends = question.from_contact, question.to_contact
            return self._cases.moved("handover", question, level, *ends)
        return self._cases.moved("override", question, level, question.suggested, question.chosen)

    def keeping(self, entries: Sequence[JournalEntry]) -> Beside:
        """Return what writes entries into the journal, within a transaction of another."""
        return self._journal.keeping(entries)

    def learn(self) -> None:
        """Learn from the entries of the journal that were added since the last time."""
        for held in self._held.values():
            self.is_outdated |= not follow(self.place, held)

    def is_behind(self) -> bool:
        """Say whether the journal holds what was not learnt yet."""
        known = min(held.position for held in self._held.values())
        return not self.is_outdated and position(self.place.database) > known

    def gauges(self) -> Mapping[str, Mapping[str, float]]:
        """Return figures by name and level."""
        newest = position(self.place.database)
        held = self._held.items()
        return {
            "leitweg_learnt_cases": {lv: float(h.router.n_learnt) for lv, h in held},
            "leitweg_journal_lag": {lv: float(newest - h.position) for lv, h in held},
        }

    def _route(self, question: Route, language: str) -> Answered:
        level = self._level(question.level)
        scene = self._scenes[level]
        asked = scene.spellings.asked(
            Parts(
                question.text,
                question.attributes,
                self._cases.time(question.at),
                question.first_contact,
                question.tried,
            )
        )
        choice, notes = self._choice(question, scene, asked.named)
        explore = 0.0 if question.case_id is None else self._ways.explore
        shown = _Shown(scene.router, explore, self._chance)
        released = answer(
            shown,
            asked.request,
            profile=self.place.profile,
            now_us=self.place.now_us(),
            choice=choice,
            tells=self._tells[level],
            top=question.top,
            notes=(*asked.notes, *notes),
            zone=str(self.place.settings.get("time_zone") or "UTC"),
        )
        kept = None
        if question.case_id is not None:
            # without its case nobody could tell later whether the answer was right
            kept = self._routed(question.case_id, asked.request, shown)
        return Answered(route_document(released, language), len(released.contacts), kept)

    def _choice(
        self, question: Route, scene: Scene, named: Mapping[str, str]
    ) -> tuple[Choice, list[str]]:
        """Return among whom may be chosen, and what the caller has to know of that."""
        notes: list[str] = []
        if question.roster is None:
            if scene.level == "person" and self.place.profile == "protected":
                raise QuestionError(
                    "In a protected workspace people are ranked by the roster of the caller alone; "
                    "send their ids as roster.",
                    code="roster-ids-needed",
                )
            return Choice(named), notes
        roster = {scene.spellings.stored(contact): contact for contact in question.roster}
        if not any(scene.spellings.knows(stored) for stored in roster):
            notes.append(ROSTER_UNKNOWN)
        standings = {stored: Standing(stored, True) for stored in roster}
        return Choice({**named, **roster}, standings), notes

    def _routed(self, case_id: str, request: Request, shown: "_Shown") -> JournalEntry:
        ranking = shown.ranking
        return JournalEntry(
            self.place.now_us(),
            "routed",
            request,
            self._journal.case(case_id),
            ranking.level,
            tuple(Suggested(c.contact, c.probability) for c in ranking.candidates),
            shown.propensity,
            ranking.someone_new,
            ranking.abstain,
        )

    def _level(self, wanted: Level | None) -> Level:
        level = wanted or self._ways.level
        if level not in self._held:
            raise QuestionError(
                f"Nothing was learnt at the level {level}; choose one of: {', '.join(self._held)}.",
                code="level-not-learnt",
                level=level,
                levels=", ".join(self._held),
            )
        return level


class _Shown:
    """A router whose ranking is remembered in the order in which it is shown."""

    ranking: Ranking

    def __init__(self, router: Answers, explore: float, chance: np.random.Generator) -> None:
        self.contacts = router.contacts
        self.propensity = 1.0
        self._router = router
        self._explore = explore
        self._chance = chance

    def rank(
        self,
        request: Request,
        *,
        top: int = 3,
        allowed: Collection[str] | None = None,
        explain: bool = True,
    ) -> Ranking:
        """Rank; chance only where a human chooses, never for what is suggested alone."""
        self.ranking = self._router.rank(request, top=top, allowed=allowed, explain=explain)
        if self._explore > 0 and self.ranking.abstain:
            seed = int(self._chance.integers(2**63))
            self.ranking, self.propensity = explored(self.ranking, seed=seed, epsilon=self._explore)
        return self.ranking
