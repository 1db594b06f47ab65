"""Who is the right contact for this request? The router: experts, weights, probabilities.

Method: docs/methods/routing.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import Candidate, Closed, Level, Ranking, Request
from leitweg.routing.calibration import Calibration
from leitweg.routing.contexts import FIRST, HANDED
from leitweg.routing.experts import Asked, Experts
from leitweg.routing.logit import Weights
from leitweg.routing.reasons import added_by, reasons_of, similar_of
from leitweg.routing.router_state import (
    experts_of_state,
    head_of_state,
    state_of_experts,
    state_of_head,
)

MOST_UNITS = 5
LISTED = 3
"""Contacts that a human gets where the router abstains."""


@dataclass(frozen=True)
class Head:
    """Weights and calibration for one circumstance; ``fitted`` is the calibration at the fit."""

    weights: Weights
    calibration: Calibration
    fitted: Calibration


@dataclass
class Router:
    """What was learnt at one level; learns on with every closed case.

    Attributes
    ----------
    level
        Units or persons.
    experts
        What counts, words and nearest cases say.
    heads
        How they are combined, by circumstance (`weighing.HEADS`).
    attributes
        Attributes that are looked at.
    wrong_on_human_way
        Mean number of wrong contacts on the way people chose, of cases that took more than one.
    unit_router
        At the level of persons: who knows the unit.
    """

    level: Level
    experts: Experts
    heads: dict[str, Head]
    attributes: tuple[str, ...]
    wrong_on_human_way: float = 1.0
    unit_router: "Router | None" = None
    last_us: int = 0

    @property
    def contacts(self) -> tuple[str, ...]:
        """All contacts known."""
        return tuple(self.experts.contacts)

    @property
    def n_learnt(self) -> int:
        """Number of closed cases learnt."""
        return self.experts.n_learnt

    def rank(
        self,
        request: Request,
        *,
        top: int = LISTED,
        allowed: Collection[str] | None = None,
        explain: bool = True,
    ) -> Ranking:
        """Rank the contacts of a request.

        Parameters
        ----------
        request
            What is known of it.
        top
            How many contacts are listed.
        allowed
            The only contacts that may be listed (a roster); None: all. Whoever else is likely
            counts as someone new; contacts that never resolved anything share what was left to
            such before, with everybody else of whom nothing speaks.
        explain
            Add reasons and similar cases.
        """
        head = self.head_of(request)
        asked, shares, unseen = self.ask(request, head, allowed=allowed)
        new = unseen
        order = np.argsort(-shares, kind="stable")
        if allowed is not None:
            # whoever is likely and not allowed is someone else
            wanted = np.isin(asked.contacts, self._codes(allowed))
            order = order[wanted[order]]
            new = 1.0 - float(shares[order].sum())
        listed = order[:top]
        strangers = self._strangers(request, allowed)
        candidates = self._candidates(request, head, asked, shares, listed, explain=explain)
        if strangers:
            # the right one may as well be one of those known who are no candidates, or not listed
            others = len(self.contacts) - asked.contacts.size + 1
            each = unseen / (len(strangers) + others)
            candidates += [Candidate(name, each) for name in strangers[:top]]
            candidates = sorted(candidates, key=lambda c: -c.probability)[:top]
            new = max(0.0, new - each * len(strangers))
        ranking = self._ranking(head, candidates, shares[order], new)
        if not self._says_anything(asked, request):
            return replace(ranking, abstain=True)
        return ranking

    def ask(
        self, request: Request, head: str, *, allowed: Collection[str] | None = None
    ) -> tuple[Asked, NDArray[np.float64], float]:
        """Return the candidates, their probabilities, and that of someone new."""
        asked = self._asked(request, head, allowed=allowed)
        if asked.contacts.size == 0:
            return asked, np.zeros(0), 1.0
        found = self.heads[head]
        scores = found.weights.scores(asked.features)
        shares, new = found.calibration.probabilities(scores, self.uses(asked))
        return asked, shares, new

    def _asked(
        self, request: Request, head: str, *, allowed: Collection[str] | None = None
    ) -> Asked:
        values = self.values_of(request)
        if head == "first" and request.first_contact is not None:
            values[FIRST] = request.first_contact
        if head == "tried":
            values[HANDED] = request.tried[-1]
        first = -1 if request.first_contact is None else self.experts.code(request.first_contact)
        return self.experts.ask(
            values,
            request.text,
            first=first if head == "first" else -1,
            gone=self._codes(request.tried),
            also=self._codes(allowed or ()),
            unit_shares=self.unit_shares(request),
        )

    def uses(self, asked: Asked) -> int:
        """Return how many cases were learnt in the narrowest context that has any."""
        seen = self.experts.counts.table.total[asked.contexts[asked.contexts >= 0]]
        return int(seen.min()) if seen.size else 0

    def head_of(self, request: Request) -> str:
        """Return which circumstance a request is in."""
        if request.tried:
            return "tried"
        return "arrival" if request.first_contact is None else "first"

    def values_of(self, request: Request) -> dict[str, str]:
        """Return the attributes that are looked at."""
        return {n: request.attributes[n] for n in self.attributes if n in request.attributes}

    def unit_shares(self, request: Request) -> Mapping[str, float] | None:
        """Return the probability of the likely units; the level of units has none."""
        if self.unit_router is None:
            return None
        known = request.attributes.get("unit")
        if known is not None:
            return {known: 1.0}
        own = Request(request.at_us, request.attributes, request.text)
        asked, shares = self.unit_router.fitted_shares(own)
        return top_shares(self.unit_router.experts.contacts, asked.contacts, shares)

    def fitted_shares(self, request: Request) -> tuple[Asked, NDArray[np.float64]]:
        """Return candidates and probabilities under the calibration of the last fit.

        What stands on them was weighed with it; one that moves would move the weights too.
        """
        asked = self._asked(request, "arrival")
        if asked.contacts.size == 0:
            return asked, np.zeros(0)
        head = self.heads["arrival"]
        scores = head.weights.scores(asked.features)
        return asked, head.fitted.probabilities(scores, self.uses(asked))[0]

    def close(self, closed: Closed) -> None:
        """Learn a closed case at once."""
        request = closed.request
        path = closed.path or ((request.first_contact,) if request.first_contact else ())
        values = self.values_of(request)
        if path:
            values[FIRST] = path[0]
        self._calibrate(request, closed.contact, path)
        others = [h for h in dict.fromkeys((*path, *request.tried)) if h != closed.contact]
        self.experts.learn(
            values,
            request.text,
            closed.contact,
            closed.closed_us,
            handed_by=others,
            unit=closed.unit if self.unit_router is not None else None,
            case_id=closed.case_id or "",
        )
        self.last_us = max(self.last_us, closed.closed_us)
        if self.unit_router is not None and closed.unit is not None:
            # the way of persons is none of units
            own = replace(request, first_contact=None, tried=())
            told = replace(closed, request=own, contact=closed.unit, unit=None, path=())
            self.unit_router.close(told)

    def _calibrate(self, request: Request, contact: str, path: Sequence[str]) -> None:
        """Let the outcome of a case, asked as when it arrived, move the calibration."""
        arrived = replace(request, first_contact=None, tried=())
        self._calibrate_head("arrival", arrived, contact)
        if path:
            self._calibrate_head("first", replace(arrived, first_contact=path[0]), contact)
            if path[0] != contact:
                self._calibrate_head("tried", replace(arrived, tried=(path[0],)), contact)

    def _calibrate_head(self, name: str, request: Request, contact: str) -> None:
        asked = self._asked(request, name)
        if asked.contacts.size == 0:
            return
        head = self.heads[name]
        place = np.flatnonzero(asked.contacts == self.experts.code(contact))
        right = int(place[0]) if place.size else -1
        scores = head.weights.scores(asked.features)
        calibration = head.calibration.after(scores, self.uses(asked), right)
        self.heads[name] = replace(head, calibration=calibration)

    def hand_over(self, request: Request, from_contact: str, to_contact: str) -> None:
        """Learn that a request went on from one contact to another."""
        values = {**self.values_of(request), HANDED: from_contact}
        self.experts.learn_handover(values, to_contact, request.at_us or self.last_us)

    def state(self) -> dict[str, Any]:
        """Return everything that was learnt as arrays and JSON, nested."""
        return {
            "level": self.level,
            "experts": state_of_experts(self.experts),
            "heads": {
                n: state_of_head(h.weights, h.calibration, h.fitted) for n, h in self.heads.items()
            },
            "attributes": list(self.attributes),
            "wrong_on_human_way": self.wrong_on_human_way,
            "last_us": self.last_us,
            "unit_router": None if self.unit_router is None else self.unit_router.state(),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Router":
        """Return the router that `state` described."""
        above = state["unit_router"]
        return cls(
            level=state["level"],
            experts=experts_of_state(state["experts"]),
            heads={n: Head(*head_of_state(head)) for n, head in state["heads"].items()},
            attributes=tuple(state["attributes"]),
            wrong_on_human_way=float(state["wrong_on_human_way"]),
            unit_router=None if above is None else cls.from_state(above),
            last_us=int(state["last_us"]),
        )

    def _codes(self, allowed: Collection[str]) -> NDArray[np.int32]:
        codes = (self.experts.code(name) for name in dict.fromkeys(allowed))
        return np.array([c for c in codes if c >= 0], np.int32)

    def _strangers(self, request: Request, allowed: Collection[str] | None) -> list[str]:
        tried = set(request.tried)
        names = dict.fromkeys(allowed or ())
        return [n for n in names if self.experts.code(n) < 0 and n not in tried]

    def _candidates(
        self,
        request: Request,
        head: str,
        asked: Asked,
        shares: NDArray[np.float64],
        listed: NDArray[np.int64],
        *,
        explain: bool,
    ) -> list[Candidate]:
        names = [self.experts.contacts[c] for c in asked.contacts[listed]]
        told = list(zip(names, shares[listed].tolist(), strict=True))
        if not explain:
            return [Candidate(name, share) for name, share in told]
        values = self.values_of(request)
        values[FIRST] = request.first_contact or ""
        values[HANDED] = request.tried[-1] if request.tried else ""
        added = added_by(asked, listed, self.heads[head].weights)
        return [
            Candidate(
                *(name, share),
                reasons_of(self.experts, asked, j, added, row, values),
                similar_of(self.experts, asked, j),
            )
            for row, (j, (name, share)) in enumerate(zip(listed.tolist(), told, strict=True))
        ]

    def _says_anything(self, asked: Asked, request: Request) -> bool:
        """Say whether anything of the request speaks for anybody, beside who resolves how much."""
        has_text = self.experts.words is not None or self.experts.cases is not None
        is_read = has_text and request.text is not None and request.text.size > 0
        return is_read or bool((asked.contexts[1:] >= 0).any()) or len(self.contacts) == 1

    def _ranking(
        self,
        head: str,
        candidates: Sequence[Candidate],
        shares: NDArray[np.float64],
        new: float,
    ) -> Ranking:
        calibration = self.heads[head].calibration
        threshold = calibration.threshold
        if candidates:
            threshold = calibration.threshold_of(candidates[0].contact)
        return Ranking(
            level=self.level,
            candidates=tuple(candidates),
            someone_new=new,
            threshold=min(threshold, 1.0),
            abstain=not candidates or candidates[0].probability < max(threshold, new),
            expected_transfers=self._transfers(shares[:LISTED]) if candidates else None,
            n_learnt=self.n_learnt,
        )

    def _transfers(self, listed: NDArray[np.float64]) -> float:
        """Handovers when the first three are tried in turn and a human goes on from there."""
        wrong = float((listed * np.arange(listed.size)).sum())
        return wrong + (1 - float(listed.sum())) * (listed.size + self.wrong_on_human_way)


def top_shares(
    names: Sequence[str], contacts: NDArray[np.int32], shares: NDArray[np.float64]
) -> Mapping[str, float] | None:
    """Return the likeliest contacts and their probabilities; None where there are none."""
    if shares.size == 0:
        return None
    order = np.argsort(-shares)[:MOST_UNITS]
    return {names[contacts[j]]: float(shares[j]) for j in order}
