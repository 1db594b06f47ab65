"""The dossier as JSON documents: where it was written, and whether it still holds."""

from pathlib import Path

from leitweg.studies.dossier import DossierCheck, DossierWritten
from leitweg.studies.json_forms import Json, iso_time


def written_document(written: DossierWritten) -> Json:
    """Return where a dossier was written, and what changed since the last one."""
    return {
        "path": str(written.path),
        "format": written.format,
        "language": written.language,
        "fingerprint": written.fingerprint,
        "planned": written.is_planned,
        "previous": iso_time(written.previous_us),
        "changed": list(written.changes),
    }


def check_document(file: Path, check: DossierCheck) -> Json:
    """Return whether a dossier still describes the workspace, and what changed."""
    return {
        "path": str(file),
        "current": check.is_current,
        "made_at": iso_time(check.made_at_us),
        "changed": list(check.changes),
    }
