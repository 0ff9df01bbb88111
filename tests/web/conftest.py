"""The PostgreSQL server of the storage tests, for the application too."""

from tests.storage.conftest import empty_postgres, postgres_server

__all__ = ["empty_postgres", "postgres_server"]
