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
    "break_down": "leitweg.studies.breaking_down",
    "breakdown_document": "leitweg.studies.breakdown_document",
    "compare": "leitweg.studies.comparing",
    "check_dossier": "leitweg.studies.dossier",
    "comparison_document": "leitweg.studies.comparison_document",
    "export": "leitweg.studies.exporting",
    "import_files": "leitweg.studies.importing",
    "run_demo": "leitweg.studies.demo",
    "situation_document": "leitweg.studies.documents",
    "write_dossier": "leitweg.studies.dossier",
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
