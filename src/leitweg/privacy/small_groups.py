"""Can a linear combination of what was released be about four people or fewer? Then it is found.

Write P for the orthogonal projection on the row space and M = I - P. A vector x with support T
lies in the row space exactly where M restricted to T is singular. Let i be its largest entry:
P_ii is at least 1/|T|, and because (1 - P_ii) x_i is the sum of P_ij x_j over the others, one of
them has |P_ij| >= (1 - P_ii)/(|T| - 1). The same holds for the next one after j is eliminated, so
that few branches are left. Method: docs/methods/release-ledger.md.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from leitweg.engine.arrays import Int64
from leitweg.engine.compiled import compiled
from leitweg.privacy.row_space_arrays import Float64

SINGULAR = 1e-7
SLACK = 1e-6
"""Of equal entries every bound is met with equality, but for rounding."""
PARTS = 4
WORK = 20_000_000
"""Steps after which a group counts as found: what cannot be shown to be safe is not."""


def finds_small_group(projection: Float64, sizes: Int64, k: int) -> bool:
    """Whether up to four columns of together fewer than k people bear a vector of the row space.

    Row and column i of the projection belong to the indicator of column i, scaled to length 1. The
    columns are looked at in a fixed number of parts, side by side where there are processors: the
    answer does not depend on how many there are.
    """
    with ThreadPoolExecutor(PARTS) as threads:
        found = threads.map(
            lambda part: _finds_in_part(projection, sizes, k, part, PARTS), range(PARTS)
        )
        return any(found)


@compiled
def _finds_in_part(projection: Float64, sizes: Int64, k: int, part: int, parts: int) -> bool:
    """Look whether a group is found whose largest entry stands at every n-th column."""
    small = np.flatnonzero(sizes < k)
    work = 0
    for place in range(part, small.size, parts):
        i = small[place]
        p_i = projection[i]
        if p_i[i] < 0.25 - SLACK:
            continue
        m_ii = 1.0 - p_i[i]
        if m_ii <= SINGULAR:
            return True
        least = (m_ii - SLACK) / 3.0
        # most have no partner: one pass over the row, without branches, says so
        if _as_large(p_i, least, int(i)) == 0:
            continue
        for j in small:
            if abs(p_i[j]) < least or j == i or sizes[i] + sizes[j] >= k:
                continue
            work += small.size
            if work * parts > WORK:
                return True
            if _with_pair(projection, sizes, small, int(i), int(j), k):
                return True
    return False


@compiled
def _with_pair(projection: Float64, sizes: Int64, small: Int64, i: int, j: int, k: int) -> bool:
    """Eliminate j, look whether i is determined; else go on with each third one."""
    p_ij = projection[i, j]
    m_jj = 1.0 - projection[j, j]
    if m_jj <= SINGULAR:
        return True
    left = 1.0 - projection[i, i] - p_ij * p_ij / m_jj
    if left <= SINGULAR:
        return True
    room = k - sizes[i] - sizes[j]
    least = (left - SLACK) / 2.0
    q_i = projection[i] + (p_ij / m_jj) * projection[j]
    q_i[i] = q_i[j] = 0.0
    if _as_large(q_i, least, i) == 0:
        return False
    for b in small:
        if abs(q_i[b]) < least or sizes[b] >= room:
            continue
        if abs(projection[i, b]) > abs(p_ij) + SLACK:
            # then b takes the place of j
            continue
        p_jb = projection[j, b]
        m_bb = 1.0 - projection[b, b] - p_jb * p_jb / m_jj
        if m_bb <= SINGULAR or left - q_i[b] * q_i[b] / m_bb <= SINGULAR:
            return True
        if sizes[b] + 1 < room and _with_fourth(
            projection, sizes, small, q_i, int(i), int(j), int(b), room - sizes[b]
        ):
            return True
    return False


@compiled
def _with_fourth(
    projection: Float64,
    sizes: Int64,
    small: Int64,
    q_i: Float64,
    i: int,
    j: int,
    b: int,
    room: int,
) -> bool:
    """Eliminate b as well, look whether a fourth one then determines i."""
    m_jj, p_jb = 1.0 - projection[j, j], projection[j, b]
    m_bb = 1.0 - projection[b, b] - p_jb * p_jb / m_jj
    left = 1.0 - projection[i, i] - projection[i, j] ** 2 / m_jj - q_i[b] * q_i[b] / m_bb
    q_b = projection[b] + (p_jb / m_jj) * projection[j]
    r_i = q_i + (q_i[b] / m_bb) * q_b
    r_i[i] = r_i[j] = r_i[b] = 0.0
    if _as_large(r_i, left - SLACK, i) == 0:
        return False
    for c in small:
        if abs(r_i[c]) < left - SLACK or sizes[c] >= room:
            continue
        m_cc = 1.0 - projection[c, c] - projection[j, c] ** 2 / m_jj - q_b[c] * q_b[c] / m_bb
        if m_cc <= SINGULAR or left - r_i[c] * r_i[c] / m_cc <= SINGULAR:
            return True
    return False


@compiled
def _as_large(values: Float64, least: float, own: int) -> int:
    """How many values are as large as this, whatever their sign, but one's own."""
    found = 0
    for column in range(values.size):
        if abs(values[column]) >= least:
            found += 1
    return found - 1 if abs(values[own]) >= least else found
