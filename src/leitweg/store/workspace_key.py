"""What is made with the key of a workspace? Digests that ids are stored under, and no way back.

A digest is HMAC-SHA256 under the hashing key. In a workspace whose key was exchanged it is
enciphered besides (AES-256, block by block: what it takes in is random and never repeats) under
the newest key. So exchanging the key needs no original id, old and new tables cannot be joined
without the key, and files imported later still join (docs/methods/privacy.md).
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from leitweg.domain.errors import KeyFileError

KEY_BYTES = 32
# a letter for the kind and 128 bits of a digest, as `leitweg.privacy.pseudonyms` makes them
_ID = re.compile(r"([pcvm]-)([0-9a-f]{32})")


@dataclass(frozen=True)
class WorkspaceKey:
    """The key of a protected workspace.

    ``hashing`` stays the same for the life of the workspace; ``wrapping`` is exchanged by
    `leitweg rekey`, and None before the first exchange.
    """

    hashing: bytes = field(repr=False)
    wrapping: bytes | None = field(default=None, repr=False)

    def digest(self, message: bytes) -> bytes:
        """Return the digest of one message, 32 bytes."""
        return self.digests([message])[0]

    def digests(self, messages: Sequence[bytes]) -> list[bytes]:
        """Return the digest of each message, 32 bytes each."""
        key = self.hashing
        plain = [hmac.digest(key, message, hashlib.sha256) for message in messages]
        return self.wrapped(plain)

    def wrapped(self, digests: Sequence[bytes]) -> list[bytes]:
        """Return digests of one length (16 or 32 bytes) as they are stored."""
        return list(digests) if self.wrapping is None else _ciphered(digests, self.wrapping)

    def unwrapped(self, stored: Sequence[bytes]) -> list[bytes]:
        """Return stored digests as they were before any exchange of the key."""
        if self.wrapping is None:
            return list(stored)
        return _ciphered(stored, self.wrapping, backwards=True)


def key_of(drawn: bytes, sealed: str | None) -> WorkspaceKey:
    """Return the key of a workspace from what its key file holds and what its manifest seals.

    Parameters
    ----------
    drawn
        256 bits, as the key file or the environment holds them.
    sealed
        The hashing key, sealed under the drawn one; None before the first exchange.

    Raises
    ------
    KeyFileError
        ``wrong-key``.
    """
    if sealed is None:
        return WorkspaceKey(drawn)
    try:
        hashing = aes_key_unwrap(_part(drawn, "seal"), bytes.fromhex(sealed))
    except (InvalidUnwrap, ValueError):
        raise KeyFileError(
            "The key does not open what the manifest of the workspace seals; put back the key of "
            "this workspace, or restore the manifest from a backup.",
            code="wrong-key",
            path="manifest.json",
        ) from None
    return WorkspaceKey(hashing, _part(drawn, "digests"))


def exchanged(key: WorkspaceKey, drawn: bytes) -> tuple[WorkspaceKey, str]:
    """Return the key with a newly drawn one in its place, and the hashing key sealed under it."""
    sealed = aes_key_wrap(_part(drawn, "seal"), key.hashing).hex()
    return WorkspaceKey(key.hashing, _part(drawn, "digests")), sealed


def key_before(drawn: bytes, present: WorkspaceKey) -> WorkspaceKey:
    """Return the key of which an earlier draw was a part, from the one that took its place."""
    is_first = drawn == present.hashing
    return WorkspaceKey(present.hashing, None if is_first else _part(drawn, "digests"))


def ids_before_exchanges(stored: Sequence[str], key: WorkspaceKey) -> list[str]:
    """Return stored ids as they were before any exchange of the key; other texts as they are."""
    ids = [_ID.fullmatch(text) for text in stored]
    plain = iter(key.unwrapped([bytes.fromhex(found[2]) for found in ids if found]))
    return [
        found[1] + next(plain).hex() if found else text
        for found, text in zip(ids, stored, strict=True)
    ]


def derived_key(key: WorkspaceKey, purpose: str) -> bytes:
    """Return a key for one purpose; it outlives exchanges of the key it is derived from."""
    return _part(key.hashing, f"purpose\x1f{purpose}")


def fingerprint_of(key: bytes) -> str:
    """Return 16 hex digits that tell keys apart and give nothing of them away."""
    return hmac.digest(key, b"leitweg: fingerprint of a key", hashlib.sha256).hex()[:16]


def _part(key: bytes, use: str) -> bytes:
    return hmac.digest(key, f"leitweg: {use}".encode(), hashlib.sha256)


def _ciphered(digests: Sequence[bytes], key: bytes, *, backwards: bool = False) -> list[bytes]:
    if not digests:
        return []
    # each block is a digest of its own: nothing repeats that the plain mode could show
    cipher = Cipher(algorithms.AES(key), modes.ECB())
    context = cipher.decryptor() if backwards else cipher.encryptor()
    size = len(digests[0])
    whole = context.update(b"".join(digests)) + context.finalize()
    return [whole[at : at + size] for at in range(0, len(whole), size)]
