"""What does an answer about the right contact need of a workspace? Its router, and what it saw."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from leitweg.domain.progress import Progress
from leitweg.domain.rosters import Contact, Roster
from leitweg.domain.routing import History, Level
from leitweg.privacy.tellable_counts import TellableCounts
from leitweg.routing.closings import with_closings
from leitweg.routing.known_staff import with_known_staff
from leitweg.routing.router import Router
from leitweg.store import Workspace
from leitweg.store.application.routing_journal import entries_after
from leitweg.studies.asked_request import Spellings
from leitweg.studies.learning import HeldRouter, router_of
from leitweg.studies.router_history import history_at
from leitweg.studies.routing_journal import RoutingJournal

KNOWN_TO_ROUTER = ("unit",)
"""Attributes that a router of persons understands, though no case has them as such."""

STAFF_TABLES = ("people", "absences")


@dataclass(frozen=True)
class Scene:
    """One state of a workspace that answers at one level."""

    place: Workspace
    level: Level
    router: Router
    spellings: Spellings
    history: History

    def tells(self) -> TellableCounts | None:
        """Return which counts have enough people behind them; None where none are held back."""
        if self.place.profile == "open" or self.level == "person":
            return None
        return TellableCounts(self.history)

    def stored_roster(self, roster: Roster) -> tuple[Roster, Mapping[str, str]]:
        """Return a roster with ids as stored, and how the caller names those.

        An open workspace adds the absences and ends of validity that its tables hold; a protected
        one tells nothing of a person that the caller does not know.
        """
        rows, named = [], {}
        for row in roster.contacts:
            stored = self._stored(row)
            rows.append(stored)
            named[stored.contact] = row.contact
        found = replace(roster, contacts=tuple(rows))
        if self.place.profile == "open":
            found = with_known_staff(found, {name: self.place.read(name) for name in STAFF_TABLES})
        return found, named

    def _stored(self, row: Contact) -> Contact:
        """Units by the router's spelling; people of the units that answer stay as they are."""
        stored = self.spellings.stored
        if self.level == "person":
            return replace(row, contact=stored(row.contact))
        unit = None if row.unit is None else stored(row.unit)
        return replace(
            row, contact=row.contact if row.is_member else stored(row.contact), unit=unit
        )


def scene_of(place: Workspace, level: Level, *, seed: int, progress: Progress) -> Scene:
    """Open what answers; the router is learnt first where no model of this state lies there.

    Raises
    ------
    QuestionError
        ``nothing-to-learn`` where no closed case names who resolved it at this level.
    """
    return scene_around(place, router_of(place, level, seed=seed, progress=progress))


def scene_around(place: Workspace, held: HeldRouter) -> Scene:
    """Return what answers with a router that is in memory already."""
    level, router = held.level, held.router
    # texts are not compared here, and need not be read
    read = entries_after(place.database, kinds=("closed",), key_fingerprint=place.key_fingerprint)
    history, _ = with_closings(history_at(place, with_text=False), read.entries)
    values = {name: set(column.labels) for name, column in history.attributes.items()}
    spellings = Spellings(
        level,
        router.contacts,
        place.key() if place.profile == "protected" else None,
        stored_attributes=RoutingJournal(place).attributes,
        values=values,
        passed_on=KNOWN_TO_ROUTER if level == "person" else (),
        has_text=router.experts.words is not None or router.experts.cases is not None,
    )
    return Scene(place, level, router, spellings, history)
