"""The public API: what a business's own systems ask of Parley."""

from web.api.routes import routes

__all__ = ["routes"]
