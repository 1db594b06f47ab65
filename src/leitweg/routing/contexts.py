"""In which circumstances is it counted who resolved what? Combinations of attributes, chosen.

The chain that tells the right contact best is grown attribute by attribute (product, product and
country, ...), judged on later cases than those counted; single attributes that tell something
stand beside it. Nobody keeps a taxonomy. Method: docs/methods/routing.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import Coded, History
from leitweg.privacy.denied_features import denied_group

FIRST, HANDED, UNIT = "@first", "@handed", "@unit"
"""The contact that has the request first; the one that handed it on last; the likely unit."""
CIRCUMSTANCES = (FIRST, HANDED, UNIT)

LONGEST_CHAIN = 4
MOST_SINGLES = 3
LEAST_GAIN = 0.005
"""An attribute has to lower the log loss by this share."""
LEAST_COVERAGE = 0.05
MOST_DISTINCT = 0.5
"""An attribute with a new value in every second case names the case, not its kind."""
JUDGED = 40_000
"""So many cases, the latest, decide which attributes count."""
LEAST_JUDGED = 50
"""With fewer cases nothing is chosen: the first attributes are counted singly."""
OF_HOLDER = 0.05
"""Less uncertainty than this share is left in the attribute when the first holder is known."""

MOST_VALUES_PER_ROW = 8

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Kind:
    """A kind of context: the attributes it combines, and the kind it falls back on (-1: none)."""

    names: tuple[str, ...]
    parent: int

    def needs(self, circumstance: str) -> bool:
        """Say whether the kind depends on a circumstance."""
        return circumstance in self.names


Key = tuple[int, tuple[str, ...]]
"""A context: the place of its kind, and the values that it combines."""


class Encoder:
    """Numbers contexts as they appear; the same for a history and for one request."""

    def __init__(self, kinds: Sequence[Kind], known: Sequence[Key] = ()) -> None:
        self.kinds = tuple(kinds)
        self._numbers = {key: number for number, key in enumerate(known)}

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def known(self) -> list[Key]:
        """All contexts in the order of their numbers."""
        return list(self._numbers)

    def of(self, values: Mapping[str, str], *, adding: bool = False) -> NDArray[np.int32]:
        """Return the context of each kind, -1 where a value is not known (or never seen).

        With ``adding`` a context not seen before gets a number.
        """
        out = np.full(len(self.kinds), -1, np.int32)
        for k, kind in enumerate(self.kinds):
            try:
                key = (k, tuple([values[name] for name in kind.names]))
            except KeyError:
                continue
            out[k] = self._number(key, adding=adding)
        return out

    def of_columns(
        self, columns: Mapping[str, Coded], n_rows: int, *, adding: bool = True
    ) -> NDArray[np.int32]:
        """Return the contexts of many cases, shape (cases, kinds); see `of`."""
        out = np.full((n_rows, len(self.kinds)), -1, np.int32)
        for k, kind in enumerate(self.kinds):
            if any(name not in columns for name in kind.names):
                continue
            used = [columns[name] for name in kind.names]
            rows, combined = _combined([column.codes for column in used], n_rows)
            first, dense = _dense(combined)
            numbers = [
                self._number((k, tuple([c.labels[c.codes[rows[f]]] for c in used])), adding=adding)
                for f in first
            ]
            out[rows, k] = np.array(numbers, np.int32)[dense] if numbers else -1
        return out

    def _number(self, key: Key, *, adding: bool) -> int:
        number = self._numbers.get(key, -1)
        if number < 0 and adding:
            number = self._numbers[key] = len(self._numbers)
        return number


def _combined(codes: Sequence[Ints], n_rows: int) -> tuple[Ints, Ints]:
    """Return the rows in which every code is known, and one number per combination there."""
    known = np.ones(n_rows, dtype=bool)
    for column in codes:
        known &= column >= 0
    rows = np.flatnonzero(known)
    combined = np.zeros(rows.size, np.int64)
    for column in codes:
        part = column[rows].astype(np.int64)
        pair = combined * (int(part.max(initial=0)) + 1) + part
        # dense again after each, so that many attributes cannot overflow
        combined = _dense(pair)[1]
    return rows, combined


def _dense(codes: Ints) -> tuple[Ints, Ints]:
    """Return the first row of each value, and the place of each row's value among the values."""
    values = int(codes.max(initial=-1)) + 1
    if values > MOST_VALUES_PER_ROW * codes.size:
        _, first, dense = np.unique(codes, return_index=True, return_inverse=True)
        return first, dense
    # few values: a table of all that there may be costs less than sorting
    row = np.full(values, -1, np.int64)
    row[codes[::-1]] = np.arange(codes.size - 1, -1, -1)
    seen = np.flatnonzero(row >= 0)
    first = row[seen]
    row[seen] = np.arange(seen.size)
    return first, row[codes]


def usable_attributes(history: History, labels: Coded, first: Ints) -> dict[str, Coded]:
    """Return the attributes that say something of a request, and were known when it arrived.

    Left out are attributes without choice or with a value of its own in every other case, those
    that name contacts (an assignee is the answer, not the question), those that tell of the first
    holder and not of the request (nearly certain once he is known), and what no model may look at.
    """
    names = {label.casefold() for label in labels.labels}
    found = {}
    for name, column in history.attributes.items():
        known = column.codes >= 0
        values = np.unique(column.codes[known])
        if values.size < 2 or known.mean() < LEAST_COVERAGE:
            continue
        if values.size > MOST_DISTINCT * known.sum() or denied_group(name) is not None:
            continue
        spelled = [column.labels[v].casefold() for v in values]
        if sum(word in names for word in spelled) > 0.5 * len(spelled):
            continue
        if not _tells_of_holder(column.codes, first):
            found[name] = column
    return found


def choose_kinds(attributes: Mapping[str, Coded], label: Ints, n_labels: int) -> list[Kind]:
    """Choose the kinds of contexts to count in.

    Parameters
    ----------
    attributes
        Columns over the cases, in order of time.
    label
        Right contact per case, -1 unknown.

    Returns
    -------
    list of Kind
        The first one holds all cases. A kind stands after those that combine fewer attributes.
    """
    rows = np.flatnonzero(label >= 0)[-JUDGED:]
    codes = {name: column.codes[rows].astype(np.int64) for name, column in attributes.items()}
    if rows.size < LEAST_JUDGED:
        return [Kind((), -1), *(Kind((name,), 0) for name in list(codes)[:MOST_SINGLES])]
    loss = _judge(label[rows], n_labels)
    root = loss(())
    singles = sorted((loss((column,)), name) for name, column in codes.items())
    chain = _coarse_first(codes, _chain(codes, singles, root, loss), loss)
    useful = [n for value, n in singles if n not in chain[:1] and value < root * (1 - LEAST_GAIN)]
    kinds = [Kind((), -1)]
    kinds.extend(Kind((name,), 0) for name in [*chain[:1], *useful[:MOST_SINGLES]])
    for length in range(2, len(chain) + 1):
        parent = 1 if length == 2 else len(kinds) - 1
        kinds.append(Kind(tuple(chain[:length]), parent))
    return kinds


def stand_ins(kinds: Sequence[Kind]) -> NDArray[np.int32]:
    """Return per kind the kinds that stand in for it where a value is not known, best first.

    They combine some of the same attributes, as many as possible; shape (kinds, kinds), -1 at the
    end. The first kind, all cases, stands in for every other.
    """
    out = np.full((len(kinds), len(kinds)), -1, np.int32)
    for k, kind in enumerate(kinds):
        own = set(kind.names)
        fit = [i for i in range(k) if set(kinds[i].names) < own]
        fit.sort(key=lambda i: -len(kinds[i].names))
        out[k, : len(fit)] = fit
    return out


def with_circumstances(kinds: Sequence[Kind], circumstances: Sequence[str]) -> list[Kind]:
    """Add kinds that depend on who has the request: alone, and with the first of the chain."""
    out = list(kinds)
    head = next((kind for kind in kinds if len(kind.names) == 1), None)
    for name in circumstances:
        out.append(Kind((name,), 0))
        if head is not None:
            out.append(Kind((name, *head.names), len(out) - 1))
    return out


def _chain(
    codes: Mapping[str, Ints],
    singles: Sequence[tuple[float, str]],
    root: float,
    loss: Callable[[tuple[Ints, ...]], float],
) -> list[str]:
    chain: list[str] = []
    best = root
    while len(chain) < LONGEST_CHAIN:
        so_far = tuple(codes[name] for name in chain)
        tried = [(loss((*so_far, codes[name])), name) for _, name in singles if name not in chain]
        if not tried or min(tried)[0] > best * (1 - LEAST_GAIN):
            break
        best, name = min(tried)
        chain.append(name)
    return chain


def _coarse_first(
    codes: Mapping[str, Ints], chain: list[str], loss: Callable[[tuple[Ints, ...]], float]
) -> list[str]:
    """Put coarse attributes before fine ones where that tells more: a case falls back on them."""
    coarse = sorted(chain, key=lambda name: _entropy(codes[name]))
    orders = [chain, coarse]
    return min(orders, key=lambda order: loss(tuple(codes[name] for name in order)))


def _judge(label: Ints, n_labels: int) -> Callable[[tuple[Ints, ...]], float]:
    """Return a function: log loss of shares within combined values, on the last fifth.

    Shares are smoothed along the chain of values, two cases of the parent's share each.
    """
    split = max(1, int(0.8 * label.size))
    later = label[split:]

    def smoothed(codes: Ints, base: NDArray[np.float64]) -> NDArray[np.float64]:
        pair = codes * n_labels + label
        seen, counts = np.unique(pair[:split][codes[:split] >= 0], return_counts=True)
        place = np.minimum(np.searchsorted(seen, pair[split:]), max(seen.size - 1, 0))
        hit = np.zeros(later.size)
        if seen.size:
            hit = np.where(seen[place] == pair[split:], counts[place], 0)
        total = np.bincount(codes[:split][codes[:split] >= 0], minlength=int(codes.max()) + 1)
        known = codes[split:] >= 0
        n = np.where(known, total[np.maximum(codes[split:], 0)], 0)
        return np.where(known, (hit + 2.0 * base) / (n + 2.0), base)

    def loss(columns: tuple[Ints, ...]) -> float:
        p = smoothed(np.zeros(label.size, np.int64), np.full(later.size, 1.0 / n_labels))
        combined = np.zeros(label.size, np.int64)
        for column in columns:
            known = (combined >= 0) & (column >= 0)
            pair = combined * (int(column.max()) + 1) + column
            _, dense = np.unique(np.where(known, pair, -1), return_inverse=True)
            combined = np.where(known, dense, -1)
            p = smoothed(combined, p)
        return float(-np.log(np.maximum(p, 1e-12)).mean()) if later.size else 0.0

    return loss


def _tells_of_holder(codes: Ints, first: Ints) -> bool:
    """Say whether the value follows from who had the case first, and not the other way round."""
    rows = np.flatnonzero((codes >= 0) & (first >= 0))
    if rows.size == 0:
        return False
    value, holder = codes[rows].astype(np.int64), first[rows].astype(np.int64)
    own = _entropy(value)
    left = _entropy(holder * (int(value.max()) + 1) + value) - _entropy(holder)
    # with few cases per holder the value follows by chance: compared with values dealt at random
    dealt = np.random.default_rng(0).permutation(value)
    by_chance = _entropy(holder * (int(value.max()) + 1) + dealt) - _entropy(holder)
    return own > 0 and left < OF_HOLDER * max(by_chance, 1e-12)


def _entropy(codes: Ints) -> float:
    _, counts = np.unique(codes, return_counts=True)
    share = counts / counts.sum()
    return float(-(share * np.log(share)).sum())
