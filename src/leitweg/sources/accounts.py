"""Who an account of a message is: one spelling per address, inside or outside the company."""

import pyarrow as pa
import pyarrow.compute as pc

_IN_ANGLES = r"^.*<\s*(?P<address>[^<>\s]+@[^<>\s]+)\s*>.*$"
_STATUS = r"##.*$"


def canonical_accounts(accounts: pa.Array) -> pa.Array:
    """Return accounts in one spelling: the bare address in lower case, other names as they are.

    Examples
    --------
    >>> accounts = pa.array(["Anna <Anna@Acme.example>", " 17", "b@x.example##Send"])
    >>> canonical_accounts(accounts).to_pylist()
    ['anna@acme.example', '17', 'b@x.example']
    """
    plain = pc.replace_substring_regex(accounts, _STATUS, "")
    plain = pc.replace_substring_regex(plain, _IN_ANGLES, r"\1")
    plain = pc.utf8_trim_whitespace(plain)
    is_address = pc.match_substring(plain, "@")
    return pc.if_else(is_address, pc.utf8_lower(plain), plain)


def own_domain(file: str, senders: pa.Array) -> tuple[str | None, tuple[str, ...]]:
    """Return the domain of the company: the most frequent one among the senders.

    Parameters
    ----------
    file
        For the sentence that reports it.
    senders
        Accounts in their one spelling.
    """
    domains = _domains(senders)
    counted = pc.value_counts(pc.drop_null(domains)).to_pylist()
    ranked = sorted(counted, key=lambda entry: (-entry["counts"], entry["values"]))
    if not ranked:
        return None, ()
    domain = ranked[0]["values"]
    return domain, (
        f"{file}: the company's own domain is taken to be '{domain}', the most frequent among "
        "the senders; accounts of other domains are outside.",
    )


def outside(accounts: pa.Array, domain: str | None) -> pa.Array:
    """Say which accounts are outside the company; null for those that are no mail address."""
    if domain is None:
        return pa.nulls(len(accounts), pa.bool_())
    domains = _domains(accounts)
    below = pc.or_(pc.equal(domains, domain), pc.ends_with(domains, "." + domain))
    return pc.invert(below)


def _domains(accounts: pa.Array) -> pa.Array:
    found = pc.extract_regex(accounts, r"@(?P<domain>[^@\s>]+)$")
    return pc.struct_field(found, "domain")
