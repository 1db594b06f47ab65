"""Retention, rights and backups as JSON documents (docs/json.md)."""

from leitweg.studies.backups import BackupDone, Restored
from leitweg.studies.json_forms import Json
from leitweg.studies.person_rights import RightDone
from leitweg.studies.retaining import Certificate


def certificate_document(certificate: Certificate) -> Json:
    """Return a certificate of deletion."""
    return {
        "profile": certificate.profile,
        "as_of": certificate.as_of.isoformat(),
        "days": certificate.days,
        "months": certificate.months,
        "dry_run": certificate.dry_run,
        "went": [
            {"table": table, "what": what, "rows": rows} for table, what, rows in certificate.went
        ],
        "eras_destroyed": list(certificate.eras_destroyed),
        "quarters_open": list(certificate.quarters_open),
        "note": certificate.note,
    }


def right_document(done: RightDone) -> Json:
    """Return a right that was used."""
    return {
        "right": done.right,
        "rows": done.rows,
        "columns": list(done.columns),
        "notes": list(done.notes),
    }


def backup_document(done: BackupDone) -> Json:
    """Return a backup that was made."""
    return {
        "path": str(done.path),
        "files": done.files,
        "bytes": done.bytes,
        "workspace_id": done.workspace_id,
        "made_at": done.made_at,
        "sealed": done.sealed,
    }


def restored_document(done: Restored) -> Json:
    """Return a restore."""
    return {
        "workspace": str(done.workspace),
        "made_at": done.made_at,
        "database": done.database,
        "rights_applied": done.rights_applied,
        "rows_left_out": done.rows_left_out,
        "notes": list(done.notes),
    }
