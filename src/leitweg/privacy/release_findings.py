"""The exit for findings: enough people at each unit of the place, or no finding."""

from leitweg.domain.findings import Finding
from leitweg.domain.situation import Refused
from leitweg.privacy.evidence import few_behind, finding_that_leaves
from leitweg.privacy.threshold import finding_leaves


def released_findings(
    findings: tuple[Finding, ...], k: int, refused: Refused
) -> tuple[Finding, ...]:
    """Return the findings about enough people, without case ids."""
    return tuple(
        finding_that_leaves(finding, few_behind(finding, k))
        for finding in findings
        if finding_leaves(finding, "protected", k=k, refused=refused)
    )
