"""The paths of Karbot's own calls. Source: public clients of Karbot, read 2026-08; the vendor prints none."""

LOGIN = "v1/users/auth/"
SEND_TEMPLATE = "v1/messages/send-template"

TOKEN_KEYS = ("token", "access_token")
"""Where an answer to a login carries the token: at its top, or in its `session`."""
