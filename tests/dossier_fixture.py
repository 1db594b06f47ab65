"""Facts of a dossier made by hand, for its texts, its writers and its pages."""

from leitweg.domain.access import PURPOSES, PurposeState
from leitweg.domain.dossier import Change, DossierFacts, TableFact
from leitweg.domain.tables import TABLES

MADE_AT_US = 1_772_366_400_000_000  # 1 March 2026, 12:00 UTC
HOSTILE = "Art. 6 | **fett** <script>alert(1)</script> #set page() $x$ `c` [a](b) \\end"
PARTS = ("version", "workspace", "purposes", "tables", "contents", "settings", "controls", "models")


def facts(**given):
    """Return the facts of a small filled protected workspace, some of them given."""
    states = {
        "path-analysis": PurposeState(
            "path-analysis", True, MADE_AT_US, "Dr. Anna Weber", "Art. 6 (1) f"
        ),
        "routing": PurposeState("routing", False, MADE_AT_US, "Jo Müller", "nicht mehr nötig"),
    }
    tables = tuple(
        TableFact(t.name, t.names, tuple(c.name for c in t.columns if c.personal), 0)
        for t in TABLES.values()
        if t.name not in ("events", "people")
    )
    stored = (
        TableFact(
            "events", TABLES["events"].names, ("case_id", "person"), 12345, "2025-01", "2025-12"
        ),
        TableFact("people", TABLES["people"].names, ("person", "manager"), 4),
    )
    made = {
        "version": "0.1.0",
        "workspace": "stadtwerke.leitweg",
        "profile": "protected",
        "state": "filled",
        "files": 3,
        "made_at_us": MADE_AT_US,
        "k": 5,
        "k_ties": 10,
        "raw_days": 60,
        "unit_months": 24,
        "key_state": "exists",
        "purposes": tuple(states.get(p, PurposeState(p, False)) for p in PURPOSES),
        "tables": (*stored, *tables),
        "exclusions": 0,
        "questions": 7,
        "last_question_us": MADE_AT_US,
        "previous_us": MADE_AT_US - 86_400_000_000,
        "changes": (Change("purpose-on", {"purpose": "path-analysis"}),),
        "parts": dict.fromkeys(PARTS, "0123456789ab"),
        "fingerprint": "aaaa bbbb cccc dddd",
        "mark": "leitweg-dossier:1;made=ff;version=0123456789ab",
    }
    return DossierFacts(**(made | given))
