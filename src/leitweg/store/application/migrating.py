"""How does an older application database become one of today? By the steps it has not taken yet.

Loaded only where there is such a database: the library takes most of a second to load.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "migrations"


def migrate(connection: Connection, *, to: str = "head") -> None:
    """Take the steps up to a revision, inside the transaction of the connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
