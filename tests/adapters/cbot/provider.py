"""A provider with CBOT's paths, in both forms, that answers as it is told."""

from aiohttp import web

from tests.adapters.cloud.provider import Provider, Request


class KeyedProvider(Provider):
    """Accepts everything, unless the next answers are scripted."""

    base_path = ""

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/v1/media/") and not self._script:
            raise web.HTTPNotFound
        return await super()._handle(request)

    def _accepted(self, request: Request) -> dict[str, object]:
        match request.method, request.path:
            case "POST", "/media":
                return {"id": f"upload-{next(self._ids)}"}
            case "POST", "/v1/media":
                return {"media": [{"id": f"upload-{next(self._ids)}"}]}
            case "GET", "/v1/configs/templates":
                known = {"name": "order_ready", "language": "en_US", "namespace": "names_1"}
                return {"waba_templates": [known], "count": 1, "total": 1}
            case "PUT", _:
                return {"success": True}
            case _:
                return super()._accepted(request)
