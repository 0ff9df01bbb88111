"""The inbox: where agents answer chats, in the browser."""

from web.inbox.setup import setup_inbox

__all__ = ["setup_inbox"]
