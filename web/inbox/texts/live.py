"""The strings of what happens by itself: presence, notifications, the installed app."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    # --- who else looks at a chat
    "looks_one": "{name} is looking at this chat",
    "looks_more": "{names} are looking at this chat",
    "writes_one": "{name} is writing",
    "writes_more": "{names} are writing",
    "and": "{first} and {last}",
    # --- the line to the server
    "line_lost": "No connection. What you see may be old; it goes on by itself.",
    "line_back": "Connected again.",
    "said_new_chat": "A new chat waits: {name}",
    "said_message": "New message from {name}",
    # --- notifications
    "notices": "Notifications",
    "notices_lead": "In this browser",
    "notices_notify": "Show notifications",
    "notices_notify_hint": "while the inbox is open in the background",
    "notices_push": "Also while the inbox is closed",
    "notices_push_hint": "on this device, by Web Push",
    "notices_for": "For",
    "notices_chat": "New chats that I may take",
    "notices_message": "Messages in my chats",
    "notices_late": "Chats that nobody takes in time",
    "notices_sound": "Play a sound",
    "notices_blocked": "The browser does not allow notifications here. Allow them in its settings for this page.",
    "push_failed": "This browser could not be registered. Try again later.",
    "notice_chat": "{name} is waiting",
    "notice_message": "New message from {name}",
    "notice_late": "Nobody has taken {name} in time",
    "notice_team": "Team {team}",
    # --- what a phone is told while the inbox is closed
    "push_chat": "{name} is waiting for an answer",
    "push_chat_plain": "A chat is waiting for an answer",
    "push_late": "Nobody has taken {name} in time",
    "push_late_plain": "Nobody has taken a chat in time",
    "push_message": "New message from {name}",
    "push_message_plain": "New message in one of your chats",
    "did_push_subscribed": "Lets a browser be told of news",
    "did_push_unsubscribed": "Lets a browser be told no more",
    # --- the installed app
    "app_name": "Parley inbox",
    "app_about": "Answer your customers' chats.",
    "offline_title": "No connection",
    "offline_lead": "The inbox cannot be reached. What you wrote is kept and is sent as soon as there is a network.",
    "offline_again": "Try again",
}

IN_SCRIPTS: Final = (
    *("looks_one", "looks_more", "writes_one", "writes_more", "and"),
    *("line_lost", "line_back", "said_new_chat", "said_message"),
    *("notices_blocked", "push_failed"),
    *("notice_chat", "notice_message", "notice_late", "notice_team"),
)
"""What the page's scripts say."""
