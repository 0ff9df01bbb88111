"""A Sobot that answers as it is told, or as its page shows."""

from itertools import count

from tests.adapters.cloud.provider import Provider, Request


class SobotProvider(Provider):
    """Accepts everything, unless the next answers are scripted."""

    base_path = ""

    def __init__(self) -> None:
        super().__init__()
        self._sent = count(1)

    def _accepted(self, request: Request) -> dict[str, object]:
        if request.method == "GET":
            return page([])
        if request.path == "/message/":
            data = {"id": f"wamid.out{next(self._sent)}", "status": "submitted"}
            return {"data": data, "message": "Message sent successfully.", "code": 200}
        return {"message": "Done", "code": 201}


def page(items: list[dict[str, object]], *, next: str | None = None) -> dict[str, object]:
    """Return one page of a list."""
    return {
        "count": len(items),
        "size": 20,
        "next": next,
        "previous": None,
        "code": 200,
        "data": items,
    }
