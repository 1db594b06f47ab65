"""What became of a case? What a caller tells of it, as the journal of the router keeps it."""

from collections.abc import Mapping

from leitweg.domain.errors import QuestionError
from leitweg.domain.routing import Level, Request
from leitweg.domain.routing_journal import JournalEntry, JournalKind
from leitweg.store import Workspace
from leitweg.studies.asked_request import Spellings
from leitweg.studies.desk_calls import Close, Handover, Override
from leitweg.studies.desk_state import Answered
from leitweg.studies.routing_journal import RoutingJournal
from leitweg.studies.situation import microseconds_of

CASE_NOT_ROUTED = "case-not-routed"


class Cases:
    """Turns what callers tell of cases into entries of the journal.

    Parameters
    ----------
    place, journal
        The workspace and the journal of its router.
    spellings
        By level: turns contacts as callers write them into what is stored.
    """

    def __init__(
        self, place: Workspace, journal: RoutingJournal, spellings: Mapping[Level, Spellings]
    ) -> None:
        self._place = place
        self._journal = journal
        self._spellings = spellings

    def moved(
        self,
        kind: JournalKind,
        told: Handover | Override,
        level: Level,
        giver: str,
        taker: str,
    ) -> Answered:
        """Answer a handover, or a choice of another contact than the one suggested."""
        if giver == taker:
            raise QuestionError(
                "Both contacts are the same; a case goes from one to another.", code="same-contact"
            )
        case_id, request, notes = self._case(told, level)
        kept = JournalEntry(
            self.time(told.at) or self._place.now_us(),
            kind,
            request,
            case_id,
            level,
            from_contact=self._contact(giver, level),
            to_contact=self._contact(taker, level),
        )
        return _noted(told.case_id, kind, notes, kept)

    def closed(self, told: Close) -> Answered:
        """Answer a closing."""
        if told.unit is None and told.person is None:
            raise QuestionError(
                "Nobody is named who resolved the case; send unit, person, or both.",
                code="nobody-resolved",
            )
        case_id, request, notes = self._case(told, "unit" if told.unit else "person")
        kept = JournalEntry(
            self.time(told.at) or self._place.now_us(),
            "closed",
            request,
            case_id,
            unit=None if told.unit is None else self._contact(told.unit, "unit"),
            person=None if told.person is None else self._contact(told.person, "person"),
            unit_path=tuple(self._contact(name, "unit") for name in told.unit_path),
            person_path=tuple(self._contact(name, "person") for name in told.person_path),
        )
        return _noted(told.case_id, "close", notes, kept)

    def time(self, text: str | None) -> int | None:
        """Read a time in the time zone of the workspace."""
        if text is None:
            return None
        return microseconds_of("at", text, self._place.settings.get("time_zone"))

    def _case(
        self, told: Handover | Override | Close, level: Level
    ) -> tuple[str, Request, list[str]]:
        """Return a case as stored, with what was known of its request when it arrived."""
        case_id = self._journal.case(told.case_id)
        if told.text or told.attributes:
            request = self._journal.request(level=level, text=told.text, attributes=told.attributes)
            return case_id, request, []
        routed = self._journal.request_of(case_id)
        return case_id, routed or Request(), [] if routed else [CASE_NOT_ROUTED]

    def _contact(self, name: str, level: Level) -> str:
        spellings = self._spellings.get(level)
        return spellings.stored(name) if spellings else self._journal.contact(name, level)


def _noted(case_id: str, kind: str, notes: list[str], kept: JournalEntry) -> Answered:
    return Answered({"case_id": case_id, "noted": kind, "note_codes": notes}, 1, kept)
