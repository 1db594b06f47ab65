"""Which programs may ask over HTTP? Each has a key that is bound to a role, and told once."""

from dataclasses import dataclass, field
from pathlib import Path

from leitweg.domain.access import OWNER, ROLES, Asker
from leitweg.domain.errors import QuestionError
from leitweg.store import Clock, open_workspace, utc_now
from leitweg.store.application import api_keys as stored
from leitweg.store.application.api_keys import ApiKey
from leitweg.studies.asking import LONGEST_NAME, asking

ROLES_OF_KEYS = tuple(role for role in ROLES if role not in ("owner", "person"))
"""The owner works on the command line, and a person proves who asks, which a key cannot."""


@dataclass(frozen=True)
class NewKey:
    """A key just made; ``token`` is told this once and stored nowhere."""

    key: ApiKey
    token: str = field(repr=False)


def create_api_key(
    workspace: Path, *, name: str, role: str, asker: Asker = OWNER, clock: Clock = utc_now
) -> NewKey:
    """Make a key with which a program asks over HTTP.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    name
        For what it is, such as "helpdesk"; the audit log names it as who asked.
    role
        In which role it asks: one of `ROLES_OF_KEYS`.

    Raises
    ------
    QuestionError
        ``key-needs-name``, ``key-name-taken``, ``text-too-long``, ``not-a-role-of-keys``.
    AccessError
        ``not-allowed``, ``unknown-role``.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(place, "key-create", asker=asker, question={"of_role": _known(role)}) as asked:
        name = _checked(name)
        _check_role(role)
        if any(key.name == name and not key.is_revoked for key in stored.api_keys(place.database)):
            raise QuestionError(
                f"There is a key '{name}' already; choose another name, or revoke that one first: "
                "leitweg key list.",
                code="key-name-taken",
                name=name,
            )
        token = stored.draw_token()
        key = stored.add_key(
            place.database, name=name, role=role, token=token, at_us=place.now_us()
        )
        asked.note(values=1, key=key.id)
    return NewKey(key, token)


def list_api_keys(
    workspace: Path, *, asker: Asker = OWNER, clock: Clock = utc_now
) -> tuple[ApiKey, ...]:
    """Answer: which keys were made, in which role, and which still hold? Oldest first.

    Raises
    ------
    AccessError
        ``not-allowed``, ``unknown-role``.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(place, "key-list", asker=asker) as asked:
        found = stored.api_keys(place.database)
        asked.note(values=len(found))
    return found


def revoke_api_key(
    workspace: Path, key_id: int, *, asker: Asker = OWNER, clock: Clock = utc_now
) -> ApiKey:
    """Revoke a key; a server that runs refuses it within a second.

    Raises
    ------
    QuestionError
        ``no-such-key``, ``key-revoked-before``.
    AccessError
        ``not-allowed``, ``unknown-role``.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(place, "key-revoke", asker=asker, question={"key": key_id}) as asked:
        is_done = stored.revoke_key(place.database, key_id, place.now_us())
        found = {key.id: key for key in stored.api_keys(place.database)}.get(key_id)
        if found is None:
            raise QuestionError(
                f"There is no key {key_id}; leitweg key list shows all.",
                code="no-such-key",
                key=key_id,
            )
        if not is_done:
            raise QuestionError(
                f"The key {key_id} was revoked before; nothing was changed.",
                code="key-revoked-before",
                key=key_id,
            )
        asked.note(values=1)
    return found


def _known(role: str) -> str:
    return role if role in ROLES else "unknown"


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise QuestionError(
            "A key has a name, so that the audit log says who asked; give it with --name.",
            code="key-needs-name",
        )
    if len(name) > LONGEST_NAME:
        raise QuestionError(
            f"--name holds {len(name)} characters, and takes {LONGEST_NAME}; shorten it and name "
            "the document that says more.",
            code="text-too-long",
            option="name",
            length=len(name),
            longest=LONGEST_NAME,
        )
    return name


def _check_role(role: str) -> None:
    if role not in ROLES_OF_KEYS:
        raise QuestionError(
            f"A key cannot ask in the role '{role}'; choose one of: {', '.join(ROLES_OF_KEYS)}. "
            "What each may: docs/methods/access.md.",
            code="not-a-role-of-keys",
            role=role,
            roles=", ".join(ROLES_OF_KEYS),
        )
