"""What is known beside the walk of the log: calendars, staff, load, expected links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from leitweg.engine.calendars import NO_ABSENCES, Absences, Calendars, discover_calendars
from leitweg.engine.staff import STAFF_TABLES, Staff, load_staff
from leitweg.engine.unit_places import PLACE_TABLES, load_unit_places
from leitweg.situation.attribution import Beside
from leitweg.situation.basis import Basis
from leitweg.situation.expected_links import (
    FALSE_DISCOVERY_RATE,
    ExpectedLinks,
    fewer_than_expected,
)
from leitweg.situation.load import PersonWeeks, busy_weeks_of, person_weeks
from leitweg.store import Workspace


@dataclass(frozen=True)
class Surroundings:
    """Calendars of people and units, staff, load by person and week, expected links.

    None where the log has no clock, or where the tables are empty.
    """

    calendars: Calendars | None
    staff: Staff | None
    weeks: PersonWeeks | None
    expected: ExpectedLinks | None

    def beside(self, basis: Basis) -> Beside:
        """Hand on what findings ask for."""
        return Beside(
            agrees=self._agrees, busy_weeks=busy_weeks_of(basis, self.weeks), staff=self.staff
        )

    def _agrees(self, a: int, b: int) -> bool | None:
        q = self.expected.q_of(a, b) if self.expected is not None else None
        return None if q is None else q <= FALSE_DISCOVERY_RATE


def surroundings_of(
    place: Workspace, basis: Basis, *, known: Surroundings | None = None
) -> Surroundings:
    """Load staff and discover calendars, once for all questions.

    ``known`` are those of another period of the same log: staff and calendars hold for all.
    """
    staff = known.staff if known else _staff(place, basis)
    if not basis.log.has_clock:
        return Surroundings(None, staff, None, None)
    calendars = known.calendars if known else None
    if calendars is None:
        zone = place.settings.get("time_zone")
        calendars = discover_calendars(
            basis.log, zone=str(zone) if zone else None, absences=_absences(staff)
        )
    weeks = None if basis.answers else person_weeks(basis, calendars)
    places = load_unit_places({t.name: place.files(t.name) for t in PLACE_TABLES})
    return Surroundings(calendars, staff, weeks, fewer_than_expected(basis, places))


def _staff(place: Workspace, basis: Basis) -> Staff | None:
    files: Mapping[str, Sequence[Path]] = {t.name: place.files(t.name) for t in STAFF_TABLES}
    return load_staff(files, basis.log.persons) if any(files.values()) else None


def _absences(staff: Staff | None) -> Absences:
    if staff is None:
        return NO_ABSENCES
    return Absences(staff.absent_person.astype("int64"), staff.absent_from_us, staff.absent_to_us)
