"""Calls a shop's service once; the service is the test's own, so that it can watch and interrupt the call."""

import os

import aiohttp

from parley import END, Chat, Flow, ask, say, step


async def charge(amount: str, key: str) -> str:
    """Ask the service to charge, with the key that makes a repeat harmless."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(os.environ["SERVICE_URL"], json={"amount": amount, "key": key}) as answer,
    ):
        return await answer.text()


class Pay(Flow, start=True):
    amount: str = ask("How much?")
    receipt: str | None = None

    @step
    async def pay(self, chat: Chat) -> None:
        self.receipt = await chat.once(charge, self.amount, chat.key)

    done = say("Paid, receipt {receipt}.", then=END)
