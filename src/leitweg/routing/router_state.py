"""How is a learnt router put into arrays and JSON, and made of them again?"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from leitweg.routing.calibration import Calibration
from leitweg.routing.contexts import Encoder, Kind
from leitweg.routing.counts import Counts
from leitweg.routing.experts import Experts
from leitweg.routing.linear_words import LinearWords
from leitweg.routing.logit import Weights
from leitweg.routing.nearest_cases import NearestCases


def state_of_experts(experts: Experts) -> dict[str, Any]:
    """Return what the experts know as arrays and JSON."""
    return {
        "kinds": [asdict(kind) for kind in experts.kinds],
        "contexts": [[kind, list(values)] for kind, values in experts.encoder.known],
        "contacts": list(experts.contacts),
        "unit_of": [experts.unit_of(code) for code in range(len(experts.contacts))],
        "case_ids": list(experts.case_ids),
        "n_learnt": experts.n_learnt,
        "counts": experts.counts.state(),
        "words": None if experts.words is None else experts.words.state(),
        "cases": None if experts.cases is None else experts.cases.state(),
    }


def experts_of_state(state: Mapping[str, Any]) -> Experts:
    """Return the experts that `state_of_experts` described."""
    kinds = [Kind(tuple(kind["names"]), int(kind["parent"])) for kind in state["kinds"]]
    experts = Experts(kinds, state["contacts"])
    experts.encoder = Encoder(kinds, [(int(k), tuple(values)) for k, values in state["contexts"]])
    for code, unit in enumerate(state["unit_of"]):
        if unit is not None:
            experts.place(code, unit)
    experts.case_ids = list(state["case_ids"])
    experts.n_learnt = int(state["n_learnt"])
    experts.counts = Counts.from_state(state["counts"])
    if state["words"] is not None:
        experts.words = LinearWords.from_state(state["words"])
    if state["cases"] is not None:
        experts.cases = NearestCases.from_state(state["cases"])
    return experts


def state_of_head(
    weights: Weights, calibration: Calibration, fitted: Calibration
) -> dict[str, Any]:
    """Return weights and calibrations as arrays and JSON."""
    return {
        "weights": weights.per_unit,
        "calibration": _state_of_calibration(calibration),
        "fitted": _state_of_calibration(fitted),
    }


def head_of_state(state: Mapping[str, Any]) -> tuple[Weights, Calibration, Calibration]:
    """Return what `state_of_head` described."""
    return (
        Weights(np.asarray(state["weights"], np.float64)),
        _calibration_of(state["calibration"]),
        _calibration_of(state["fitted"]),
    )


def _state_of_calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "temperature": calibration.temperature,
        "newness": calibration.newness,
        "threshold": calibration.threshold,
        "thresholds": dict(calibration.thresholds),
        "certainty": list(calibration.certainty),
    }


def _calibration_of(state: Mapping[str, Any]) -> Calibration:
    return Calibration(
        float(state["temperature"]),
        np.asarray(state["newness"], np.float64),
        float(state["threshold"]),
        {str(name): float(value) for name, value in state["thresholds"].items()},
        (float(state["certainty"][0]), float(state["certainty"][1])),
    )
