"""Handovers of a generated log, told from its rows alone."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leitweg.demo.company import GeneratedLog
from leitweg.demo.plan import HOUR_US


@dataclass(frozen=True)
class Handovers:
    case: npt.NDArray[np.int64]
    sender: npt.NDArray[np.int64]
    receiver: npt.NDArray[np.int64]
    topic: npt.NDArray[np.int64]
    wait_hours: npt.NDArray[np.float64]


def handovers_of(log: GeneratedLog) -> Handovers:
    rows = np.flatnonzero((np.diff(log.case) == 0) & (np.diff(log.unit) != 0)) + 1
    return Handovers(
        log.case[rows],
        log.unit[rows - 1],
        log.unit[rows],
        log.true_topic[log.case[rows]],
        (log.started_us[rows] - log.at_us[rows - 1]) / HOUR_US,
    )


def units_of_case(log: GeneratedLog, case: int) -> list[int]:
    units = log.unit[log.first_row[case] : log.first_row[case + 1]].tolist()
    return [u for i, u in enumerate(units) if i == 0 or u != units[i - 1]]
