"""The process is killed while the business's own server is being told; nothing is lost, and what repeats has its id."""

from pathlib import Path

from tests.faults.harness import eventually, running
from tests.receiver import SECRET, Receiver, receiving

TEXTS = 3


def configured(receiver: Receiver) -> str:
    return f"""
[webhooks.crm]
url = "{receiver.url}"
secret = "{SECRET}"
events = ["messages", "statuses"]
"""


async def test_what_was_under_way_at_a_kill_is_posted_again_in_order(tmp_path: Path) -> None:
    async with receiving() as receiver, running(tmp_path, more=configured(receiver)) as bench:
        contact = bench.sandbox.contact("5215550001")
        for number in range(TEXTS):
            if number % 2:
                receiver.hold()
            delivery = await contact.says(f"text-{number}")
            await eventually(lambda: delivery.accepted, timeout_s=30, what="accepted")  # noqa: B023
            if number % 2:
                await eventually(lambda: receiver.held > 0, timeout_s=30, what="a post under way")
                bench.server.kill()
                receiver.release()
                await bench.server.start()
        await eventually(
            lambda: (
                len(told(receiver, "message_received")) == TEXTS
                and len(told(receiver, "message_said")) == TEXTS
            ),
            timeout_s=60,
            what=f"all told, not {receiver.taken}; {bench.server.log()}",
        )
        await eventually(
            lambda: read(receiver) == TEXTS,
            timeout_s=60,
            what=f"all read, not {receiver.taken}; {bench.server.log()}",
        )
        received = told(receiver, "message_received")
        assert received == [f"text-{number}" for number in range(TEXTS)]
        facts = {post["id"] for post in receiver.tried}
        assert len(receiver.tried) > len(facts), "no post was under way at a kill"


def told(receiver: Receiver, event: str) -> list[str]:
    """Return the texts told, each fact once."""
    posts = {post["id"]: post for post in receiver.taken if post["event"] == event}
    return [post["message"]["content"]["body"] for post in posts.values()]


def read(receiver: Receiver) -> int:
    """Return of how many messages the last status was told."""
    posts = receiver.of("message_status")
    return len({p["message"]["id"] for p in posts if p["status"]["status"] == "read"})
