"""The application database: what people enter and decide, beside the tables of the company."""

from leitweg.store.application.database import Database, open_database

__all__ = ["Database", "open_database"]
