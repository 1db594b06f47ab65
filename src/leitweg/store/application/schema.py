"""Which tables does the application database hold? One declaration for creation and migrations."""

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

IDENTITY = Table(
    "identity",
    METADATA,
    Column("workspace_id", String(32), primary_key=True),
    comment="the workspace that this database belongs to: one row",
)

PURPOSE_KEYS = Table(
    "purpose_keys",
    METADATA,
    Column("purpose", String(64), primary_key=True),
    Column("fingerprint", String(16), nullable=False),
    comment="which key serves which purpose: what fingerprint it has, and nothing of the key",
)

SWITCHES = Table(
    "purpose_switches",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("is_on", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("basis", Text, nullable=False),
    comment="who switched which purpose on or off, when, and on which legal basis",
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("action", String(48), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("question", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(48), nullable=False),
    Column("n_values", Integer, nullable=False),
    Column("n_held_back", Integer, nullable=False),
    Column("clock", String(16), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    comment="who asked what for which purpose: a chain of hashes",
)

# a second fence: the chain finds what was changed, these keep it from being changed by mistake
for _verb in ("UPDATE", "DELETE"):
    event.listen(
        AUDIT,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER audit_keeps_before_{_verb.lower()} BEFORE {_verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        ).execute_if(dialect="sqlite"),
    )

MEMBERS = Table(
    "ledger_members",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    comment="people of the ledger: a number for each keyed hash of a stored id",
)

SETS = Table(
    "released_sets",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("variable", Text, nullable=False),
    Column("start_us", BigInteger),
    Column("end_us", BigInteger),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("members", LargeBinary, nullable=False),
    Column("n_members", Integer, nullable=False),
    Column("released_at_us", BigInteger, nullable=False),
    Index("ix_released_sets_variable", "variable", "start_us", "end_us", "n_members"),
    comment="sets of people about whom an aggregate of a variable left, compressed",
)

SCOPES = Table(
    "released_scopes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("variable", String(32), nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("cases", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("until_us", BigInteger, nullable=False),
    Column("n_cases", Integer, nullable=False),
    Column("stayed_inside", Text, nullable=False),
    Column("released_at_us", BigInteger, nullable=False),
    UniqueConstraint("variable", "fingerprint"),
    comment="sets of cases about which answers left (keyed numbers), and places that stayed inside",
)

ERASURES = Table(
    "erasures",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("person_hash", LargeBinary, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),
    comment="rights that people used: erasures, objections, corrections; keyed hashes of ids",
)

RETENTION_RUNS = Table(
    "retention_runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("as_of_us", BigInteger, nullable=False),
    Column("table_name", String(32), nullable=False),
    Column("what", String(48), nullable=False),
    Column("rows", Integer, nullable=False),
    comment="what went by time, and when: the certificate of deletion",
)

NOISE_SPENT = Table(
    "noise_spent",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("construct", Text, nullable=False),
    Column("start_us", BigInteger),
    Column("end_us", BigInteger),
    Column("epsilon", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    comment="budget of differential privacy that answers used up, as exact decimals",
)

DOSSIERS = Table(
    "dossiers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("fingerprint", String(32), nullable=False),
    Column("parts", Text, nullable=False),
    Column("facts", Text, nullable=False),
    comment="dossiers that were written: checksums of what they describe, and facts without names",
)

ROUTING_JOURNAL = Table(
    "routing_journal",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("level", String(8)),
    Column("case_id", Text),
    Column("key_fingerprint", String(16)),
    Column("said", Text, nullable=False),
    Column("text", LargeBinary),
    Index("ix_routing_journal_case_id", "case_id"),
    comment="requests that were routed and what became of them: what the router learns from",
    # a number that was given away once is never given again: models remember up to which they know
    sqlite_autoincrement=True,
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("beginning", String(16), nullable=False),
    Column("role", String(32), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("revoked_us", BigInteger),
    Column("last_used_day", String(10)),
    comment="who may ask over HTTP: the hash of each token, and never the token",
    sqlite_autoincrement=True,
)
