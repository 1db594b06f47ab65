"""Arrays that grow: what the row space keeps, with room for more."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]
Array = TypeVar("Array", bound=npt.NDArray[Any])


def with_room(array: Array, *shape: int) -> Array:
    """Return the array, or a larger copy of it with zeros at the end, with at least this shape."""
    if all(have >= need for have, need in zip(array.shape, shape, strict=True)):
        return array
    sizes = [
        have if have >= need else max(need, have * 3 // 2, 16)
        for have, need in zip(array.shape, shape, strict=True)
    ]
    larger = np.zeros(sizes, array.dtype)
    larger[tuple(slice(n) for n in array.shape)] = array
    return larger  # type: ignore[return-value]
