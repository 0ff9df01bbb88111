"""What a Karbot line can show and carry: what Gupshup behind it can, but for read marks, of which nothing is known."""

from adapters.gupshup import capabilities

CAPABILITIES = capabilities.CAPABILITIES.model_copy(
    update={"kinds": capabilities.CAPABILITIES.kinds - {"read_mark"}}
)

MEDIA_FETCHED_BYTES = capabilities.MEDIA_FETCHED_BYTES
"""The largest inbound file taken."""
