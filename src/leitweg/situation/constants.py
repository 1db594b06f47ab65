"""Every constant of the as-is analysis, in one place; the report prints them.

They are the starting values of the method pages (docs/methods), chosen on simulated companies
that no published figure was measured on.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Constants:
    """Constants of the as-is analysis.

    Attributes
    ----------
    replicates
        Bootstrap replicates behind every interval.
    margin
        A place is slow (or smooth) only beyond this factor: with thousands of cases everything
        differs from one.
    false_discovery_rate
        Benjamini-Hochberg level within one kind of finding.
    min_pool
        Cells with fewer handovers are pooled over their topics; no place with fewer is a finding.
    min_statement
        Below this many handovers the certainty of a finding is halved: too few to act on.
    min_affected
        Ping-pong, misrouting and dead end need this many affected cases.
    wait_offset_hours
        Added to a wait before its logarithm is taken, so that a wait of zero counts.
    every_share
        A unit is slow as a whole if this share of its receipts lies in slow cells.
    rate_margin
        A rate is unusual only beyond this multiple of the usual rate.
    rate_floor
        And only from this share on.
    overdispersion
        Intra-class correlation of the beta-binomial tests.
    closes_share
        A unit that closes at least this share of a topic's cases is one of its homes.
    step_share
        A unit through which more than this share of the ways to a unit go is a step of the way.
    dispatcher_share
        A unit that closes less than this share of all it gets, over three topics or more, passes
        cases on by profession.
    adds_nothing
        A unit adds nothing to a topic where its work is clearly below this part of an ordinary
        stay's.
    gap_direct_share, gap_direct_share_idle
        Where more than this share of the ways is direct there is no gap; more may be direct where
        the work shows that those between add nothing.
    gap_around_share
        And where less than this share leads through two units or more.
    gap_usual_quantile
        The length of way that this share of the company's ways does not exceed is usual.
    calm_share
        The share of the arrivals that found the smallest backlog: how a unit waits in calm times.
    busy_utilisation, busy_weeks_share
        A unit is overloaded where it is used above the first in the second share of its weeks.
    key_holders
        A position with more holders is no key position: somebody is there.
    key_alone_share
        A position works alone on a topic of its unit where it does at least this share of it.
    key_reach_share
        And the customers' way depends on it where at least this share of the cases needs it.
    stuck_factor
        A case is stuck when its stay is longer than this multiple of the unit's median stay.
    busiest_day_share
        Above this share of the price on one day it was a backlog cleared, not slowness.
    smallest_share
        Findings below this share of all waiting are left out.
    timer_share
        One and the same wait in more than this share of the handovers is a clock.
    certainty_without_contrast
        Identification where no other receipt of the unit tells a slow link from a bottleneck.
    reopen_days
        A case that comes back within these days was not solved at the first contact.
    network_replicates, network_least_replicates
        Replicates behind the intervals of the network, and how few they become in a large one.
    network_rows
        Rows of transactions (times replicates) that are resampled at most.
    network_steps
        Steps along edges that betweenness may take in all its replicates together.
    community_replicates
        Replicates of the communities: each is a search of its own.
    community_edges
        Edges (times replicates) that are searched for communities at most.
    front_share, mixed_share
        Share of a unit's receipts with direct customer contact from which it is front, or mixed.
    """

    replicates: int = 400
    margin: float = 1.5
    false_discovery_rate: float = 0.05
    min_pool: int = 20
    min_statement: int = 40
    min_affected: int = 10
    wait_offset_hours: float = 0.1
    every_share: float = 0.8
    rate_margin: float = 1.5
    rate_floor: float = 0.10
    overdispersion: float = 0.01
    closes_share: float = 0.15
    step_share: float = 0.75
    dispatcher_share: float = 0.10
    adds_nothing: float = 0.5
    gap_direct_share: float = 0.10
    gap_direct_share_idle: float = 0.20
    gap_around_share: float = 0.70
    gap_usual_quantile: float = 0.80
    calm_share: float = 0.20
    busy_utilisation: float = 0.85
    busy_weeks_share: float = 0.25
    key_holders: int = 3
    key_alone_share: float = 0.80
    key_reach_share: float = 0.01
    stuck_factor: float = 10.0
    busiest_day_share: float = 1 / 3
    smallest_share: float = 0.005
    timer_share: float = 0.10
    certainty_without_contrast: float = 0.5
    reopen_days: int = 14
    network_replicates: int = 100
    network_least_replicates: int = 20
    network_rows: int = 50_000_000
    network_steps: int = 40_000_000
    community_replicates: int = 40
    community_edges: int = 200_000
    front_share: float = 0.5
    mixed_share: float = 0.05


CONSTANTS = Constants()

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
MONTH_DAYS = 30.4375
MONTH_US = MONTH_DAYS * DAY_US
MISSING = -(2**63)
