"""Which cells of a table must stay inside, so that its totals do not tell the small ones?

A cell of fewer than k people is hidden. With totals shown, further cells are hidden until no hidden
one can be computed, or bounded to fewer than k, from all that is shown, and until what is hidden in
each line is about k people together (Cox 1980; Fischetti & Salazar 2001). The audit is exact: a
table with totals is a circulation in a network, in which the range of a cell is a maximum flow.
Method: docs/methods/privacy.md.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leitweg.privacy.threshold import K

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Arcs:
    """A table as a circulation: one arc per cell and per total, its count as flow.

    A cell runs from its row to its column, the total of a column from it to the foot, that of a
    row from the head to it, and the total of all from the foot to the head: what flows into a node
    flows out of it, which is all that totals say.
    """

    tail: Counts
    head: Counts
    flow: Counts

    def at(self, node: int) -> Counts:
        """Return the arcs that meet in a node."""
        return np.flatnonzero((self.tail == node) | (self.head == node))

    @property
    def nodes(self) -> int:
        """Return how many nodes there are."""
        return int(max(self.tail.max(), self.head.max())) + 1


def suppressed(
    people: Counts, *, k: int = K, refused: Flags | None = None, margins: bool = True
) -> Flags:
    """Return which cells and totals of a table of people must stay inside.

    Parameters
    ----------
    people
        Distinct people per cell, shape (n,) or (rows, columns); everybody stands in one cell.
        Nobody is no secret: cells of zero are shown.
    k
        People that a cell, and what is hidden in a line, must at least be about.
    refused
        Cells of the same shape that must stay inside whatever their size.
    margins
        Whether totals are shown: of each row and column and of all; of one dimension of all.

    Returns
    -------
    array of bool
        True where hidden. With totals one longer in each dimension: the last row and column are
        the totals. What is hidden in a line whose total is shown may be shown as one sum.

    Examples
    --------
    The three of the first row would follow from its total, so a second cell goes with it, and in
    both columns another one:

    >>> suppressed(np.array([[3, 9, 9], [9, 9, 9], [9, 9, 9]])).astype(int)
    array([[1, 1, 0, 0],
           [1, 1, 0, 0],
           [0, 0, 0, 0],
           [0, 0, 0, 0]])
    >>> suppressed(np.array([3, 7, 20])).astype(int)
    array([1, 1, 0, 0])
    """
    counts = np.asarray(people, dtype=np.int64)
    few = _few(counts, k)
    if refused is not None:
        few |= refused
    if not margins:
        return few
    whole = with_totals(counts)
    hidden = _few(whole, k)
    hidden[tuple(slice(n) for n in counts.shape)] |= few
    arcs = _arcs_of(whole)
    return _hidden_enough(arcs, hidden.reshape(-1), k).reshape(whole.shape)


def with_totals(counts: Counts) -> Counts:
    """Return the table with its totals in a last row and column.

    >>> with_totals(np.array([[1, 2], [3, 4]]))
    array([[ 1,  2,  3],
           [ 3,  4,  7],
           [ 4,  6, 10]])
    """
    for axis in range(counts.ndim):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    return counts


def _few(counts: Counts, k: int) -> Flags:
    return np.asarray((counts > 0) & (counts < k))


def _arcs_of(whole: Counts) -> _Arcs:
    if whole.ndim == 1:
        # all cells run from one node to the other, their total back
        last = np.arange(whole.size) == whole.size - 1
        return _Arcs(last.astype(np.int64), (~last).astype(np.int64), whole)
    rows, columns = (np.arange(n) for n in whole.shape)
    row, column = np.repeat(rows, columns.size), np.tile(columns, rows.size)
    # the row of totals is the foot, the column of totals the head
    tail, head = row, column + rows.size
    turned = (row == rows[-1]) != (column == columns[-1])
    return _Arcs(np.where(turned, head, tail), np.where(turned, tail, head), whole.reshape(-1))


def _hidden_enough(arcs: _Arcs, hidden: Flags, k: int) -> Flags:
    """Hide further arcs, the smallest of a line first, until nothing hidden is told."""
    hidden = hidden.copy()
    while (line := next(_open_lines(arcs, hidden, k), None)) is not None:
        shown = line[~hidden[line] & (arcs.flow[line] > 0)]
        # where all else is hidden or nobody, the line is hidden as a whole
        more = shown if shown.size else line[~hidden[line]]
        hidden[more[np.argmin(arcs.flow[more])]] = True
    return hidden


def _open_lines(arcs: _Arcs, hidden: Flags, k: int) -> Iterator[Counts]:
    """Lines (a row or column with its total) in which something more must be hidden."""
    for node in range(arcs.nodes):
        line = arcs.at(node)
        if _tells(arcs, line, hidden, k):
            yield line
    for arc in np.flatnonzero(hidden):
        if width(arcs, hidden, int(arc), k) < k:
            lines = [arcs.at(int(node)) for node in (arcs.tail[arc], arcs.head[arc])]
            free = [line for line in lines if not hidden[line].all()]
            if free:
                yield max(free, key=lambda line: int((~hidden[line]).sum()))


def _tells(arcs: _Arcs, line: Counts, hidden: Flags, k: int) -> bool:
    """Whether what is hidden in a line follows, or is known together to be about few."""
    inside = line[hidden[line]]
    if inside.size == 0 or inside.size == line.size:
        return False
    together = abs(
        int(np.where(arcs.tail[inside] == arcs.tail[inside][0], 1, -1) @ arcs.flow[inside])
    )
    one_way = bool((arcs.tail[inside] == arcs.tail[inside][0]).all())
    return inside.size == 1 or (one_way and together < k)


def width(arcs: _Arcs, hidden: Flags, arc: int, k: int) -> int:
    """Return how wide the range of a hidden cell is for whom all else is known; k where wider."""
    more = _flow(arcs, hidden, arc, int(arcs.head[arc]), int(arcs.tail[arc]), k)
    if more >= k:
        return k
    most = min(int(arcs.flow[arc]), k)
    less = _flow(arcs, hidden, arc, int(arcs.tail[arc]), int(arcs.head[arc]), most)
    return min(more + less, k)


def _flow(arcs: _Arcs, hidden: Flags, without: int, start: int, end: int, enough: int) -> int:
    """Return the largest change that can flow over hidden arcs, up to ``enough``."""
    usable = np.flatnonzero(hidden)
    usable = usable[usable != without]
    back = arcs.flow.copy()
    found = 0
    while found < enough:
        way = _way(arcs, usable, back, start, end)
        if way is None:
            break
        least = min([enough - found, *(int(back[a]) for a, forward in way if not forward)])
        for a, forward in way:
            back[a] += least if forward else -least
        found += least
    return found


def _way(
    arcs: _Arcs, usable: Counts, back: Counts, start: int, end: int
) -> list[tuple[int, bool]] | None:
    """Return a shortest way whose arcs can grow (forward) or shrink (backward), or None."""
    steps: dict[int, list[tuple[int, int, bool]]] = {}
    for a in usable.tolist():
        tail, head = int(arcs.tail[a]), int(arcs.head[a])
        steps.setdefault(tail, []).append((head, a, True))
        if back[a] > 0:
            steps.setdefault(head, []).append((tail, a, False))
    came: dict[int, tuple[int, int, bool] | None] = {start: None}
    queue = deque([start])
    while queue and end not in came:
        here = queue.popleft()
        for there, a, forward in steps.get(here, []):
            if there not in came:
                came[there] = (here, a, forward)
                queue.append(there)
    if end not in came:
        return None
    way, step = [], came[end]
    while step is not None:
        way.append((step[1], step[2]))
        step = came[step[0]]
    return way
