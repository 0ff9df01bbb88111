"""The PostgreSQL server of the storage tests, for two engines on one database."""

from tests.storage.conftest import empty_postgres, postgres_server

__all__ = ["empty_postgres", "postgres_server"]
