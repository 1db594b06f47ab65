"""Can a linear combination of what was released be about four people or fewer? Then it is found.

Write P for the orthogonal projection on the row space and M = I - P. A vector x with support T
lies in the row space exactly where M restricted to T is singular. Let i be its largest entry:
P_ii is at least 1/|T|, and because (1 - P_ii) x_i is the sum of P_ij x_j over the others, one of
them has |P_ij| >= (1 - P_ii)/(|T| - 1). The same holds for the next one after j is eliminated, so
that few branches are left. Method: docs/methods/release-ledger.md.
"""

import numpy as np

from leitweg.engine.arrays import Int64
from leitweg.engine.compiled import compiled
from leitweg.privacy.row_space_arrays import Float64

SINGULAR = 1e-7
SLACK = 1e-6
"""Of equal entries every bound is met with equality, but for rounding."""
WORK = 20_000_000
"""Steps after which a group counts as found: what cannot be shown to be safe is not."""


@compiled
def finds_small_group(projection: Float64, unit: Float64, sizes: Int64, k: int) -> bool:
    """Whether up to four columns of together fewer than k people bear a vector of the row space.

    `unit` is the direction that the new vector adds to the projection.
    """
    scale = np.sqrt(sizes.astype(np.float64))
    small = np.flatnonzero(sizes < k)
    work = 0
    for i in small:
        p_ii = sizes[i] * (projection[i, i] + unit[i] * unit[i])
        if p_ii < 0.25 - SLACK:
            continue
        m_ii = 1.0 - p_ii
        if m_ii <= SINGULAR:
            return True
        for j in small:
            p_ij = scale[i] * scale[j] * (projection[i, j] + unit[i] * unit[j])
            if j == i or sizes[i] + sizes[j] >= k or 3.0 * abs(p_ij) < m_ii - SLACK:
                continue
            work += small.size
            if work > WORK or _with_pair(projection, unit, sizes, scale, small, int(i), int(j), k):
                return True
    return False


@compiled
def _with_pair(
    projection: Float64,
    unit: Float64,
    sizes: Int64,
    scale: Float64,
    small: Int64,
    i: int,
    j: int,
    k: int,
) -> bool:
    """Eliminate j, look whether i is determined; else go on with each third and fourth one."""
    p_ij = scale[i] * scale[j] * (projection[i, j] + unit[i] * unit[j])
    m_jj = 1.0 - sizes[j] * (projection[j, j] + unit[j] * unit[j])
    if m_jj <= SINGULAR:
        return True
    left = 1.0 - sizes[i] * (projection[i, i] + unit[i] * unit[i]) - p_ij * p_ij / m_jj
    if left <= SINGULAR:
        return True
    room = k - sizes[i] - sizes[j]
    for b in small:
        if b in (i, j) or sizes[b] >= room:
            continue
        p_jb = scale[j] * scale[b] * (projection[j, b] + unit[j] * unit[b])
        q_ib = scale[i] * scale[b] * (projection[i, b] + unit[i] * unit[b]) + p_ij * p_jb / m_jj
        if 2.0 * abs(q_ib) < left - SLACK:
            continue
        m_bb = 1.0 - sizes[b] * (projection[b, b] + unit[b] * unit[b]) - p_jb * p_jb / m_jj
        if m_bb <= SINGULAR or left - q_ib * q_ib / m_bb <= SINGULAR:
            return True
        still = left - q_ib * q_ib / m_bb
        for c in small:
            if c in (i, j, b) or sizes[c] >= room - sizes[b]:
                continue
            p_jc = scale[j] * scale[c] * (projection[j, c] + unit[j] * unit[c])
            p_ic = scale[i] * scale[c] * (projection[i, c] + unit[i] * unit[c])
            p_bc = scale[b] * scale[c] * (projection[b, c] + unit[b] * unit[c])
            q_bc = p_bc + p_jb * p_jc / m_jj
            r_ic = p_ic + p_ij * p_jc / m_jj + q_ib * q_bc / m_bb
            if abs(r_ic) < still - SLACK:
                continue
            m_cc = 1.0 - sizes[c] * (projection[c, c] + unit[c] * unit[c])
            m_cc -= p_jc * p_jc / m_jj + q_bc * q_bc / m_bb
            if m_cc <= SINGULAR or still - r_ic * r_ic / m_cc <= SINGULAR:
                return True
    return False
