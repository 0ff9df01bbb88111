"""The paths of Cloud's own calls, behind the number's id."""

MESSAGES = "messages"
MEDIA = "media"
