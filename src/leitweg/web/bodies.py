"""What may be asked over HTTP, and what is answered? The shapes that the OpenAPI page describes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from leitweg.studies.desk_calls import (
    LONGEST_NAME,
    MOST_ATTRIBUTES,
    MOST_CONTACTS,
    MOST_SHOWN,
    Close,
    Handover,
    Override,
    Route,
)


def _whole(text: str) -> str:
    """Refuse halves of characters: JSON can write them, and no encoding can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("half_character", "half a character") from None
    return text


Text = Annotated[str, AfterValidator(_whole)]
Name = Annotated[Text, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
Names = Annotated[list[Name], Field(max_length=MOST_CONTACTS)]
Attributes = Annotated[dict[Name, Text], Field(max_length=MOST_ATTRIBUTES)]
Level = Literal["unit", "person"]


class Body(BaseModel):
    """A body: what it does not know it refuses, so that a slip of the pen is told."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class Arrived(Body):
    """What was known of a request when it arrived."""

    text: Text | None = Field(
        None, description="Subject and body of the request; read once and not kept as text."
    )
    attributes: Attributes = Field(
        default_factory=dict, description="Values by name, such as topic, priority, channel."
    )
    at: Text | None = Field(None, description="When it happened, ISO 8601; without it, now.")


class RouteBody(Arrived):
    """Who is the right contact for this request?"""

    case_id: Name | None = Field(
        None, description="With it, handover and close need not repeat what the request said."
    )
    level: Level | None = Field(
        None, description="Without it, the level that the server was given."
    )
    first_contact: Name | None = Field(None, description="Who holds it already.")
    tried: Names = Field(default_factory=list, description="Who could not resolve it, in order.")
    roster: Names | None = Field(
        None,
        description="Only these contacts. Required for level person where the workspace is "
        "protected: its ids are hashed, ranked, and returned as they came.",
    )
    top: int = Field(3, ge=1, le=MOST_SHOWN, description="How many contacts to show.")

    def asked(self) -> Route:
        """Return it as the study takes it."""
        return Route(
            text=self.text,
            attributes=self.attributes,
            at=self.at,
            case_id=self.case_id,
            level=self.level,
            first_contact=self.first_contact,
            tried=tuple(self.tried),
            roster=None if self.roster is None else tuple(self.roster),
            top=self.top,
        )


class HandoverBody(Arrived):
    """A contact handed the case on to another one."""

    from_contact: Name
    to_contact: Name
    level: Level | None = None

    def asked(self, case_id: str) -> Handover:
        """Return it as the study takes it."""
        return Handover(
            case_id=case_id,
            from_contact=self.from_contact,
            to_contact=self.to_contact,
            level=self.level,
            text=self.text,
            attributes=self.attributes,
            at=self.at,
        )


class CloseBody(Arrived):
    """Who resolved the case: a unit, a person, or both."""

    unit: Name | None = None
    person: Name | None = None
    unit_path: Names = Field(default_factory=list, description="Units that held it, in order.")
    person_path: Names = Field(default_factory=list, description="People who held it, in order.")

    def asked(self, case_id: str) -> Close:
        """Return it as the study takes it."""
        return Close(
            case_id=case_id,
            unit=self.unit,
            person=self.person,
            unit_path=tuple(self.unit_path),
            person_path=tuple(self.person_path),
            text=self.text,
            attributes=self.attributes,
            at=self.at,
        )


class OverrideBody(Arrived):
    """A human chose another contact than the one suggested first."""

    suggested: Name
    chosen: Name
    level: Level | None = None

    def asked(self, case_id: str) -> Override:
        """Return it as the study takes it."""
        return Override(
            case_id=case_id,
            suggested=self.suggested,
            chosen=self.chosen,
            level=self.level,
            text=self.text,
            attributes=self.attributes,
            at=self.at,
        )


class Reason(BaseModel):
    """Why a contact may be right."""

    text: str
    weight: float


class Contact(BaseModel):
    """One contact that may be right."""

    rank: int
    contact: str
    probability: float
    available: bool
    reasons: list[Reason]
    similar_cases: list[str] | None


class RouteAnswer(BaseModel):
    """Contacts that may be right, likeliest first."""

    level: Level
    abstain: bool
    threshold: float
    expected_transfers: float | None
    contacts: list[Contact]


class Learnt(BaseModel):
    """What happened to a case is noted, and the router knows it."""

    case_id: str
    noted: Literal["handover", "close", "override"]
    note_codes: list[str] = Field(
        description="case-not-routed: nothing was known of the request but what this call says."
    )


class Problem(BaseModel):
    """RFC 9457: what went wrong, for people (detail) and programs (code)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
