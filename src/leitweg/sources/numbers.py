"""What number a text means, with a decimal point or a decimal comma."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError

_GERMAN = r"^[+-]?\d{1,3}(\.\d{3})*,\d+$|^[+-]?\d+,\d+$|^[+-]?\d{1,3}(\.\d{3}){2,}$"
_NUMBER = r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$"


def read_numbers(column: pa.Array) -> pa.Array:
    """Return 64-bit floats; what is no number is null.

    Examples
    --------
    >>> read_numbers(pa.array(["38,5", "1.234,5", "40", "x"])).to_pylist()
    [38.5, 1234.5, 40.0, None]
    """
    german = pc.match_substring_regex(column, _GERMAN)
    plain = pc.replace_substring(pc.replace_substring(column, ".", ""), ",", ".")
    text = pc.if_else(german, plain, column)
    fits = pc.match_substring_regex(text, _NUMBER)
    return pc.if_else(fits, text, pa.scalar(None, pa.string())).cast(pa.float64())


def read_order(file: str, name: str, column: pa.Array) -> npt.NDArray[np.int64]:
    """Return the values of an order column: whole numbers as they are, others by their rank.

    Raises
    ------
    SourceError
        order-not-a-number, naming an example.
    """
    if pa.types.is_timestamp(column.type):
        return np.asarray(pc.fill_null(column.cast(pa.int64()), 0))
    if pc.all(pc.match_substring_regex(column, r"^[+-]?\d{1,18}$")).as_py():
        return np.asarray(pc.fill_null(column.cast(pa.int64()), 0))
    numbers = read_numbers(column)
    bad = pc.and_(pc.is_valid(column), pc.is_null(numbers))
    if pc.any(bad).as_py():
        raise SourceError(
            f"{file}: column '{name}' cannot order the rows: "
            f"'{column.filter(bad)[0].as_py()}' is not a number. Map order to a column of numbers.",
            code="order-not-a-number",
            path=file,
            column=name,
        )
    return np.unique(np.asarray(pc.fill_null(numbers, 0.0)), return_inverse=True)[1].astype(
        np.int64
    )
