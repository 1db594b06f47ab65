"""Random numbers with a name each: the same case, step and purpose always draw the same number.

A counter-based generator (the finaliser of splitmix64 as a hash): there is no state that a draw
could move on, so a log with a fault and the log without it share every number that both use.

References
----------
Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators, OOPSLA;
Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3, SC.
"""

import math

import numpy as np

from leitweg.engine.compiled import compiled

# unsigned throughout: a signed and an unsigned integer would meet as a float in compiled code
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
ONE = np.uint64(1)
UNIT_INTERVAL = 2.0**-53


def numbers(start: int, stop: int) -> tuple[int, ...]:
    """Return constants for compiled code: a plain int would be compiled anew for every value."""
    return tuple(np.arange(start, stop))


@compiled
def mix(x: np.uint64) -> np.uint64:
    """Scramble 64 bits."""
    x = (x ^ (x >> S30)) * MIX_1
    x = (x ^ (x >> S27)) * MIX_2
    return x ^ (x >> S31)


@compiled
def key_of(parent: np.uint64, number: int) -> np.uint64:
    """Return the key below `parent` with this number: seed → case → step → purpose."""
    return mix(parent + GOLDEN * (np.uint64(number) + ONE))


@compiled
def uniform(key: np.uint64, purpose: int) -> float:
    """Return a number in (0, 1), never either end."""
    bits = key_of(key, purpose) >> S11
    return (float(bits) + 0.5) * UNIT_INTERVAL


@compiled
def normal(key: np.uint64, purpose: int) -> float:
    """Return a standard normal number (Box-Muller, one of the two)."""
    radius = math.sqrt(-2.0 * math.log(uniform(key, purpose)))
    return radius * math.cos(2.0 * math.pi * uniform(key, purpose + 1))


@compiled
def lognormal(key: np.uint64, purpose: int, median: float, log_sd: float) -> float:
    """Return a lognormal number with this median."""
    return median * math.exp(log_sd * normal(key, purpose))
