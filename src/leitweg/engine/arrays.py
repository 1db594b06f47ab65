"""The array types that the kernels read and write, and the mark of a missing time."""

from typing import Final

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Int8 = npt.NDArray[np.int8]
UInt64 = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

MISSING: Final = -(2**63)
"""A time that is not known, in every column of microseconds."""

NOBODY: Final = -1
"""No person, no unit, no label, in every column of codes."""
