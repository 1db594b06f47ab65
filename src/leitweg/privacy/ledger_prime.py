"""Modulo which prime does a ledger compute? One that its key chooses, so that nobody knows it.

With a known prime p somebody could ask for sets of which sums and differences give p times one
person's value: exact arithmetic modulo p would see zero there and let them pass.
"""

import hashlib
import hmac

_BITS = 30
_WITNESSES = (2, 3, 5, 7)  # decide without error below 3.2 * 10^9


def prime_of(key: bytes) -> int:
    """Return a prime between 2^30 and 2^31 that depends on the key.

    >>> prime_of(b"k" * 32) == prime_of(b"k" * 32), 2**30 < prime_of(b"k" * 32) < 2**31
    (True, True)
    """
    drawn = int.from_bytes(hmac.digest(key, b"prime", hashlib.sha256)[:4], "big") % 2**_BITS
    # away from the end, so that the next prime is still below 2^31
    candidate: int = 2**_BITS + min(drawn, 2**_BITS - 1000) | 1
    while not _is_prime(candidate):
        candidate += 2
    return candidate


def _is_prime(number: int) -> bool:
    """Miller and Rabin.

    >>> _is_prime(2**31 - 1), _is_prime(1373653), _is_prime(2**31 - 3)
    (True, False, False)
    """
    if any(number % small == 0 for small in _WITNESSES):
        return number in _WITNESSES
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(pow(witness, odd, number), twos, number) for witness in _WITNESSES)


def _passes(power: int, twos: int, number: int) -> bool:
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
