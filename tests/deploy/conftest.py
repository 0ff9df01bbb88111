"""The PostgreSQL server of the storage tests, and later versions, for what is deployed."""

from tests.storage.conftest import empty_postgres, postgres_server, releases

__all__ = ["empty_postgres", "postgres_server", "releases"]
