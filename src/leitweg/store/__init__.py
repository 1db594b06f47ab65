"""The workspace: canonical tables on the disk, the manifest that names them, and the key.

One import is one change of the manifest; readers see the state before it or the state after it
(docs/decisions/0002-workspace.md).
"""

from leitweg.store.manifest import RememberedFile
from leitweg.store.workspace import Clock, Workspace, create_workspace, open_workspace, utc_now
from leitweg.store.writing import Change

__all__ = [
    "Change",
    "Clock",
    "RememberedFile",
    "Workspace",
    "create_workspace",
    "open_workspace",
    "utc_now",
]
