"""The JSON documents of API keys: which there are, and the token of a new one."""

from leitweg.store.application.api_keys import ApiKey
from leitweg.studies.api_keys import NewKey
from leitweg.studies.json_forms import Json, iso_time


def key_document(key: ApiKey) -> Json:
    """Return one key; never its token."""
    return {
        "id": key.id,
        "name": key.name,
        "role": key.role,
        "beginning": key.beginning,
        "created_at": iso_time(key.created_us),
        "revoked_at": iso_time(key.revoked_us),
        "last_used_on": key.last_used_day,
    }


def new_key_document(new: NewKey) -> Json:
    """Return a new key with its token, which is told this once."""
    return {**key_document(new.key), "token": new.token}


def keys_document(keys: tuple[ApiKey, ...]) -> Json:
    """Return every key."""
    return {"keys": [key_document(key) for key in keys]}
