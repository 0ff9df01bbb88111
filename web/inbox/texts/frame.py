"""The strings of every page's frame, of signing in, and of what is refused."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "brand": "Parley",
    "inbox": "Inbox",
    "skip_to_chat": "Skip to the chat",
    "log_out": "Sign out",
    "menu_of_agent": "You, {name}",
    "region_list": "Chats",
    "region_chat": "Chat",
    "region_side": "About the contact",
    "nothing_chosen": "Choose a chat",
    "needs_script": "The inbox needs JavaScript.",
    "back_to_inbox": "Back to the inbox",
    # --- availability
    "available": "Available",
    "unavailable": "Away",
    "become_available": "Away: switch to available",
    "become_unavailable": "Available: switch to away",
    # --- signing in
    "login_title": "Sign in",
    "login_lead": "Answer your customers' chats.",
    "login_name": "Login",
    "login_password": "Password",
    "login_submit": "Sign in",
    "login_wrong": "Login or password is wrong.",
    "login_wait": "Too many attempts. Wait {seconds} seconds, then try again.",
    "login_elsewhere": "Signing in works at the server's own address alone:",
    "login_nobody": "Nobody can sign in yet. Add the first agent on the machine that runs Parley:",
    # --- what is refused
    "error_title": "That did not work",
    "error_other": "Something went wrong. Try again.",
    "error_400": "The request makes no sense here.",
    "error_403": "This is not allowed.",
    "error_404": "There is nothing here, or not for you.",
    "error_405": "This address is not used that way.",
    "error_413": "That is too large.",
    "error_500": "The server met an error of its own. Try again; if it stays, tell who runs it.",
    "error_503": "The database does not answer. Nothing was changed; try again in a moment.",
    "error_role_missing": "Your role does not allow this.",
    "error_foreign_page": "Another site asked for this. Open the inbox itself.",
    "error_page_outdated": "This page is out of date. Load it again, then repeat what you did.",
    "error_not_found": "There is nothing here, or not for you.",
}
