"""Sobot's error body: a message and a code, whatever the HTTP status.

Source: Sobot API documentation, read 2026-08. Its page of errors is empty: the codes are HTTP's, and the words ours
beyond the three that the calls show.
"""

from dataclasses import dataclass

from pydantic import ValidationError

from adapters.sandbox.reply import Refusal, Reply

NUMBER = "Invalid mobile number"
EXISTS = "Customer already exists"


@dataclass
class SobotRefusal(Refusal):
    """A request that Sobot would not take."""

    code: int

    def reply(self, number: int) -> Reply:
        """Return the JSON answer."""
        return Reply({"message": self.details, "code": self.code}, status=self.status or self.code)


def refused(error: ValidationError) -> SobotRefusal:
    """Return the refusal of a body that does not fit."""
    first = error.errors(include_url=False)[0]
    if {"customer_number", "mobile"} & set(first["loc"]):
        return SobotRefusal(400, NUMBER)
    where = ".".join(map(str, first["loc"]))
    return SobotRefusal(400, f"{where}: {first['msg']}" if where else first["msg"])
