"""Does this key hold, and which purposes are on? Looked up anew a few times in a second."""

import time
from collections.abc import Callable

from leitweg.domain.errors import AuthenticationError
from leitweg.store import Workspace
from leitweg.store.application.api_keys import ApiKey, key_of_token, note_used
from leitweg.studies.asking import purposes_on

LOOK_EVERY_SECONDS = 0.25
"""A key revoked or a purpose switched off takes effect after this time at the latest."""
_MOST_REMEMBERED = 1_000


class Standing:
    """Keys and purposes of a workspace, as they stood a moment ago."""

    def __init__(self, place: Workspace, *, now: Callable[[], float] = time.monotonic) -> None:
        self._place = place
        self._now = now
        self._looked_at = float("-inf")
        self._purposes: tuple[str, ...] = ()
        self._keys: dict[str, ApiKey | None] = {}
        self._used: dict[int, str] = {}
        self._to_note: dict[int, str] = {}

    def purposes(self) -> tuple[str, ...]:
        """Return the purposes that are on."""
        self._refresh()
        return self._purposes

    def key(self, token: str) -> ApiKey:
        """Return the key of a token, revoked or not.

        Raises
        ------
        AuthenticationError
            ``unknown-key``.
        """
        self._refresh()
        if token not in self._keys:
            if len(self._keys) >= _MOST_REMEMBERED:
                self._keys.clear()
            self._keys[token] = key_of_token(self._place.database, token)
        key = self._keys[token]
        if key is None:
            raise AuthenticationError(
                "The key is not known here; make one with leitweg key create.", code="unknown-key"
            )
        self._see(key)
        return key

    def note_used(self) -> None:
        """Note for each key the day of its last use, once a day."""
        days, self._to_note = self._to_note, {}
        note_used(self._place.database, days)

    def _see(self, key: ApiKey) -> None:
        if key.is_revoked:
            return
        day = time.strftime("%Y-%m-%d", time.gmtime(self._place.now_us() / 1_000_000))
        if self._used.get(key.id) != day:
            self._used[key.id] = self._to_note[key.id] = day

    def _refresh(self) -> None:
        if self._now() - self._looked_at < LOOK_EVERY_SECONDS:
            return
        self._purposes = purposes_on(self._place)
        self._keys.clear()
        self._looked_at = self._now()
