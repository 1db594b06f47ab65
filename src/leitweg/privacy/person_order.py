"""In which order do rows about persons leave? By id: no list tells who is first in anything.

Only an open log without units has such rows. Links and findings keep their order: they are about
ways of cases, and about places in them and what waiting there costs (docs/methods/dossier.md).
"""

from dataclasses import replace

from leitweg.domain.comparison import Comparison
from leitweg.domain.network import Network
from leitweg.domain.situation import Situation


def situation_by_id(answer: Situation) -> Situation:
    """Return an answer whose rows about persons stand in the order of their ids."""
    answer = replace(answer, network=_network_by_id(answer.network))
    if answer.level != "person":
        return answer
    return replace(
        answer,
        units=tuple(sorted(answer.units, key=lambda row: row.unit)),
        loads=tuple(sorted(answer.loads, key=lambda row: (row.unit, row.position or ""))),
    )


def comparison_by_id(answer: Comparison) -> Comparison:
    """Return a comparison whose rows about persons stand in the order of their ids."""
    if answer.level != "person":
        return answer
    return replace(answer, units=tuple(sorted(answer.units, key=lambda row: row.unit or "")))


def _network_by_id(network: Network) -> Network:
    if network.nodes != "person":
        return network
    return replace(network, units=tuple(sorted(network.units, key=lambda row: row.unit)))
