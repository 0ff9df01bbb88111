"""The file that tells what became of each contact of a broadcast."""

import csv
from pathlib import Path

from storage.broadcasts import Result, StoredBroadcast, StoredBroadcasts

COLUMNS = ("line", "phone", "status", "at", "reason", "code", "message_id", "external_id")


async def write_results(
    broadcasts: StoredBroadcasts, broadcast: StoredBroadcast, file: Path
) -> None:
    """Write one row a contact, as things stand; the file is replaced when it is complete."""
    unfinished = file.with_name(f"{file.name}.part")
    with unfinished.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        async for one in broadcasts.results(broadcast):
            writer.writerow(_cells(one))
    unfinished.replace(file)


def _cells(one: Result) -> tuple[object, ...]:
    status = "invalid" if one.problem is not None else one.status or "waiting"
    reason = one.problem or one.error or ""
    at = "" if one.at is None else one.at.isoformat(timespec="seconds")
    rest = (one.error_code or "", one.message or "", one.external_id or "")
    return (one.number, one.phone, status, at, reason, *rest)
