"""What a router learnt, and how it held, as JSON."""

from dataclasses import asdict

from leitweg.studies.json_forms import Json
from leitweg.studies.learning import Learnt


def learnt_document(learnt: Learnt) -> Json:
    """Return what was learnt per level, and the weeks of its routed requests."""
    return {
        "seed": learnt.seed,
        "levels": [
            {
                "level": one.level,
                "cases": one.cases,
                "from_journal": one.from_journal,
                "contacts": one.contacts,
                "seconds": one.seconds,
                "file_bytes": one.file_bytes,
            }
            for one in learnt.levels
        ],
        "drift": [
            {"level": one.level, "weeks": [asdict(week) for week in one.weeks]}
            for one in learnt.drift
        ],
    }
