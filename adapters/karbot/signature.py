"""Who sent a webhook: Karbot signs nothing; see `adapters.gupshup.signature`."""

from adapters.gupshup.signature import verify

__all__ = ["verify"]
