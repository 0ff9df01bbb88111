"""Files the sandbox keeps for its business and its contacts."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file with what the wire tells of it."""

    id: str
    data: bytes
    mime_type: str
    filename: str | None = None

    @property
    def hex_digest(self) -> str:
        """SHA-256 as the media endpoint prints it."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def base64_digest(self) -> str:
        """SHA-256 as webhooks print it."""
        return base64.b64encode(hashlib.sha256(self.data).digest()).decode()


@dataclass(slots=True)
class Shelf:
    """The files and the download addresses that are good now."""

    url_life: timedelta
    """How long a download address works."""
    files: dict[str, StoredFile] = field(default_factory=dict)
    tickets: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """Ticket of an address -> file id and the time it ends."""

    def add(self, file: StoredFile) -> None:
        """Keep a file."""
        self.files[file.id] = file

    def remove(self, id_: str) -> bool:
        """Forget a file; whether there was one."""
        return self.files.pop(id_, None) is not None

    def issue(self, id_: str, ticket: str, now: datetime) -> None:
        """Make a download address good for as long as the provider lets it."""
        self.tickets = {key: value for key, value in self.tickets.items() if now < value[1]}
        self.tickets[ticket] = (id_, now + self.url_life)

    def open(self, ticket: str, now: datetime) -> StoredFile | None:
        """Return the file behind an address, None where it has run out."""
        id_, ends_at = self.tickets.get(ticket, ("", now))
        return self.files.get(id_) if now < ends_at else None
