"""Leitweg makes a company's internal marketing measurable and improvable.

The public face is the functions of `leitweg.studies`; they are loaded when first asked for, so
that ``import leitweg`` is light:

>>> import leitweg
>>> leitweg.__version__
'0.1.0'
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_FACE = {
    "analyse": "leitweg.studies.situation",
    "audit_entries": "leitweg.studies.auditing",
    "break_down": "leitweg.studies.breaking_down",
    "breakdown_document": "leitweg.studies.breakdown_document",
    "backlog_document": "leitweg.studies.routing_document",
    "backtest": "leitweg.studies.backtesting",
    "backtest_document": "leitweg.studies.backtesting",
    "back_up": "leitweg.studies.backups",
    "compare": "leitweg.studies.comparing",
    "check_dossier": "leitweg.studies.dossier",
    "comparison_document": "leitweg.studies.comparison_document",
    "correct_person": "leitweg.studies.person_rights",
    "erase_person": "leitweg.studies.person_rights",
    "export": "leitweg.studies.exporting",
    "export_person": "leitweg.studies.person_export",
    "import_files": "leitweg.studies.importing",
    "learn": "leitweg.studies.learning",
    "list_purposes": "leitweg.studies.purposes",
    "object_person": "leitweg.studies.person_rights",
    "rekey": "leitweg.studies.rekeying",
    "restore": "leitweg.studies.backups",
    "retain": "leitweg.studies.retaining",
    "route": "leitweg.studies.routing",
    "route_backlog": "leitweg.studies.routing",
    "route_document": "leitweg.studies.routing_document",
    "run_demo": "leitweg.studies.demo",
    "situation_document": "leitweg.studies.documents",
    "switch_purpose": "leitweg.studies.purposes",
    "verify_audit": "leitweg.studies.auditing",
    "write_dossier": "leitweg.studies.dossier",
    "write_backtest": "leitweg.studies.backtesting",
    "write_breakdown": "leitweg.studies.breakdown_file",
    "write_comparison": "leitweg.studies.comparison_page",
    "write_report": "leitweg.studies.reporting",
}
__all__ = ["__version__", *sorted(_FACE)]


def __getattr__(name: str) -> Any:
    """Load a function of the public face when it is first used."""
    if name in _FACE:
        return getattr(import_module(_FACE[name]), name)
    raise AttributeError(f"module 'leitweg' has no attribute '{name}'")
