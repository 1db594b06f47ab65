"""What is said where nothing was found: why that can be, and what would help."""

from leitweg.domain.situation import ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.forms import count
from leitweg.language.held_back import is_all_held_back

LEAST_HANDOVERS = 20
_HELD_BACK = "findings-held-back"
_PERSONS = "person-level"


def findings_held_back(released: ReleasedSituation) -> bool:
    """Whether there are findings that may not leave; how many, nobody is told."""
    return _HELD_BACK in released.notes or is_all_held_back(released)


def no_findings(released: ReleasedSituation, language: str) -> str:
    """Return the headline: there are none, or none that may be shown."""
    key = "situation.no_findings"
    hidden = findings_held_back(released) or _PERSONS in released.notes
    return translate(language, f"{key}.to_show" if hidden else key)


def nothing_found(released: ReleasedSituation, language: str) -> list[str]:
    """Return the sentences: why there are no findings, and what to give the next import.

    A log in which no place has enough handovers is too small; in any other, nothing stood out.
    Where findings are held back, or places would be persons, that is said instead.
    """
    if not released.coverage.cases and not released.coverage.messages:
        return [translate(language, "situation.no_findings.no_cases")]
    if _PERSONS in released.notes:
        return [translate(language, "situation.no_findings.persons")]
    if findings_held_back(released):
        return [translate(language, "situation.no_findings.held_back")]
    enough = any((link.handovers or 0) >= LEAST_HANDOVERS for link in released.links)
    cases = count(language, "case", released.coverage.cases)
    key = "situation.no_findings"
    told = [translate(language, f"{key}.{'why' if enough else 'few'}", cases=cases)]
    told.append(translate(language, f"{key}.next"))
    for code, name in (("no-topic", "topic"), ("no-started", "started")):
        if code in released.coverage.missing:
            told.append(translate(language, f"{key}.next_{name}"))
    return told
