"""A second opinion where the published payloads are here: their sends are taken, and ours have no key of our own."""

from collections.abc import Iterator

import orjson
from pydantic import JsonValue

from adapters.sandbox.wire import Object
from tests.adapters.published import PAYLOADS
from tests.adapters.sandbox.gupshup.business import MARIA, Bench
from tests.adapters.sandbox.gupshup.examples import EXAMPLES

ALSO = {
    # Told in words, on no printed body. Source: docs.gupshup.io/reference/postback-text-support, read 2026-08.
    ("message", "button_reply", "payload.payload.postbackText"),
    ("message", "location", "payload.payload.name"),
}


def published(folder: str) -> dict[str, Object]:
    """Return the published bodies of a folder by name; none where they are not here."""
    files = sorted((PAYLOADS / folder).glob("*.json"))
    return {file.name: orjson.loads(file.read_bytes()) for file in files}


async def test_every_published_send_is_submitted(bench: Bench) -> None:
    await bench.sandbox.contact(MARIA).says("hi")
    refused = {}
    for name, body in (EXAMPLES | published("gupshup-outbound")).items():
        if name.startswith("form-template"):
            template = orjson.loads(str(body["template"]))
            status, answer = await bench.send_template(template)
        elif name.startswith("form-session"):
            status, answer = await bench.send(orjson.loads(str(body["message"])))
        else:
            status, answer = await bench.send(body)
        if status != 202:
            refused[name] = answer

    assert refused == {}


def keys(body: JsonValue, at: str = "") -> Iterator[str]:
    match body:
        case dict():
            for key, value in body.items():
                yield f"{at}.{key}".lstrip(".")
                yield from keys(value, f"{at}.{key}")
        case list():
            for value in body:
                yield from keys(value, at)


def kind_of(body: Object) -> tuple[str, str]:
    match body:
        case {"type": str(kind), "payload": {"type": str(inner)}}:
            return kind, inner
        case _:
            return "", ""


async def test_our_webhooks_have_no_key_that_is_published_nowhere(bench: Bench) -> None:
    maria = bench.sandbox.contact(MARIA)
    await maria.says("hi")
    for example in ("buttons", "list"):
        await bench.send(EXAMPLES[example])
    await maria.taps("Yes")
    await maria.taps("Soup")
    await maria.sends_image(b"jpeg", caption="Look")
    await maria.sends_voice(b"ogg")
    await maria.sends_media("document", b"pdf", mime_type="application/pdf", caption="Menu")
    await maria.sends_location(19.43, -99.13, name="Here")
    await maria.sends_contact("Ana Ruiz", "+52 555 000 4321")
    await maria.reacts("👍")
    await bench.sandbox.courier.settled()

    allowed = set(ALSO)
    seen = published("gupshup") | published("karbot")
    for body in seen.values():
        allowed |= {(*kind_of(body), key) for key in keys(body)}
    envelope = {"app", "phone", "timestamp", "version", "type", "payload"}
    known = {(one[0], one[1]) for one in allowed}
    ours = {(*kind_of(body), key) for body in bench.business.heard for key in keys(body)}
    strange = {
        one for one in ours - allowed if (one[0], one[1]) in known and one[2] not in envelope
    }

    assert len(ours) > 60
    assert strange == set()
