"""Compilation of the kernels: once, kept on disk, free of the interpreter lock."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function on its first call and keep the machine code beside the source.

    No fast mathematics: the kernels promise the same integers on every machine. The interpreter
    lock is released so that two threads use two cores.
    """
    return cast("Function", njit(cache=True, nogil=True)(function))
