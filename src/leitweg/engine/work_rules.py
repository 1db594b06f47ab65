"""The constants by which work times, batches and calendars are read from a log, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkRules:
    """Constants of the person kernel and of the calendars that it stands on.

    Attributes
    ----------
    calendar_confidence
        An hour of the week belongs to a calendar where it was used on this share of the dates of
        its weekday on which a task was done.
    calendar_beside
        For hours connected with such hours this share is enough: a quiet hour of a shift is no
        break.
    calendar_deviation
        An hour is used as on all weekdays, but where a weekday differs by so many standard errors.
    calendar_support
        And on this share of all dates of its weekday from when to when they worked.
    calendar_task
        A task speaks for a weekday only where it was done on this share of its dates of work.
    calendar_participation
        A person has a calendar of their own from this share of the work on, of what those who do
        the same tasks do on a date on average.
    calendar_coverage
        And where it holds this share of the hours in which they worked.
    calendar_dates
        And from so many dates of work on.
    calendar_shared
        In a calendar of many people an hour needs this part of the use of the busiest hour.
    sitting_hours
        Work that lasted no longer uses all hours between start and end, longer work its ends.
    absence_week
        A stretch without work is an absence from this share of the available hours of a week on.
    absence_gaps, absence_quantile
        And from this multiple of the usual stretch (its quantile) without work on.
    concurrent_share
        Two activities are concurrent where neighbours in a case overlap in this share, either one
        ending first.
    multitasking_quantile
        At this share of their starts people work on no more things than they usually do at once.
    batch_gap_seconds
        Members of a batch follow one another within this time.
    batch_share
        Somebody collects an activity where, from this share on, of what came together while they
        were free and at work was begun with the last; or of all of it lay idle as below.
    batch_idle_hours
        Or where it lay for so long while they were free and at work, and was then taken as a whole.
    batch_same_size
        Batches have one size where this share of those begun with the last member has it.
    usual_work_quantile
        Where starts are unknown, an activity takes this quantile of the times from one end to the
        next by the same person, while it was waiting already.
    """

    calendar_confidence: float = 0.6
    calendar_beside: float = 0.3
    calendar_deviation: float = 3.0
    calendar_support: float = 0.2
    calendar_task: float = 1 / 3
    calendar_participation: float = 0.4
    calendar_coverage: float = 0.9
    calendar_dates: int = 10
    calendar_shared: float = 0.1
    sitting_hours: float = 8.0
    absence_week: float = 0.6
    absence_gaps: float = 3.0
    absence_quantile: float = 0.9
    concurrent_share: float = 0.1
    multitasking_quantile: float = 0.9
    batch_gap_seconds: float = 60.0
    batch_share: float = 0.5
    batch_idle_hours: float = 2.0
    batch_same_size: float = 0.8
    usual_work_quantile: float = 0.5


RULES = WorkRules()
