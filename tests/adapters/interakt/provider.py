"""Interakt on loopback: takes every call as documented, unless the next answers are scripted."""

from uuid import UUID

from tests.adapters.cloud.provider import Provider, Request

SENT = "Message queued for sending via Interakt. Check webhook for delivery status"


def sent_id(number: int) -> str:
    """Return the id of the nth message taken."""
    return str(UUID(int=number))


class InteraktProvider(Provider):
    """The same server with other answers."""

    base_path = ""

    def _accepted(self, request: Request) -> dict[str, object]:
        match request.path.removeprefix("/v1/public/"):
            case "message/" | "rcs/message/":
                return {"result": True, "message": SENT, "id": sent_id(next(self._ids))}
            case "create-campaign/":
                return {"result": True, "message": "Created", "data": {"campaignId": "campaign-1"}}
            case "track/files/upload_to_fb/":
                data = {
                    "file_handle": "handle-1",
                    "file_url": "https://f.example/1",
                    "file_name": "1",
                }
                return {"result": True, "message": "Uploaded", "data": data}
            case "track/organization/templates":
                return {"count": 0, "has_next": False, "results": {"templates": []}}
            case _:
                return {"result": True, "message": "Done", "data": {"customers": []}}
