"""Who asks, in which role, to do what, and for which purpose?"""

from dataclasses import dataclass

PURPOSES = ("path-analysis", "routing", "survey", "planning", "evaluation")
"""What a company may use Leitweg for; each is off until a named person switches it on."""

ROLES = (
    "owner",
    "analyst",
    "planner",
    "survey-manager",
    "service-agent",
    "works-council",
    "data-protection-officer",
    "hr-decider",
    "person",
    "administrator",
)
"""Roles; ``owner`` holds the folder and the key of the workspace, and works on the command line."""


@dataclass(frozen=True)
class Asker:
    """Who asks: a name for the audit log, and the role in which the question is asked."""

    name: str = ""
    role: str = "owner"


OWNER = Asker()


@dataclass(frozen=True)
class PurposeState:
    """Whether a purpose is on, and who said so last, when and on which basis.

    None where nobody ever switched it, and in the profile ``open``, where every purpose is on.
    """

    purpose: str
    is_on: bool
    at_us: int | None = None
    by: str | None = None
    basis: str | None = None


@dataclass(frozen=True)
class Permission:
    """Whether a question is allowed, and the code of the reason why or why not."""

    allowed: bool
    why: str
