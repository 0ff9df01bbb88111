"""The strings of the chat: transcript, composer, templates, new chats."""

from typing import Final

from web.transcript.texts import ENGLISH as TRANSCRIPT

ENGLISH: Final[dict[str, str]] = {
    **TRANSCRIPT,
    # --- the transcript
    "from_contact": "Contact",
    "status_uncertain": "May not have arrived: no answer came back",
    "media_elsewhere": "Open at its own address",
    "option_chosen": "chosen",
    "rows": "Options",
    "share_location": "Asks for the location",
    "reaction_theirs": "The contact's reaction: {emoji}",
    "reaction_ours": "Our reaction: {emoji}",
    "message_menu": "What can be done with this message",
    "note_menu": "What can be done with this note",
    "note_by": "{name}, private note",
    "retry": "Send again",
    "transcript": "Messages",
    "older": "Older messages",
    "nothing_said": "Nothing was said yet.",
    "today": "Today",
    "yesterday": "Yesterday",
    "news_from_here": "New",
    "to_newest": "New messages",
    "quote_lost": "A message from before",
    # --- who had the chat
    "began_word": "Asked for an agent",
    "began_flow": "The bot asked for an agent",
    "began_not_understood": "The bot did not understand and asked for an agent",
    "began_takeover": "Taken from the bot",
    "began_phone": "Answered from the business's phone",
    "began_trouble": "The bot could not go on and asked for an agent",
    "waits_for_team": "{what} · waiting for {team}",
    "took_over": "{agent} took over",
    "assigned": "{by} gave the chat to {agent}",
    "assigned_by_rule": "{agent} was given the chat",
    "queued": "{by} put the chat back into the queue",
    "queued_by_rule": "Back in the queue",
    "queued_for": "{what} · {team}",
    "people_released": "{by} gave the chat back to the bot",
    "people_closed": "{by} closed the chat",
    "people_note": "{what}: {note}",
    "people_contact": "The contact went back to the bot",
    "people_quiet": "Back to the bot after a quiet time",
    "somebody": "Somebody",
}
