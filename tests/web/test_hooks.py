"""What the business's own servers are posted, and how they know that it is ours."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.core.content import Text
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId, NewsId
from engine.ports.news import News, NewsKind, Posting, ToldMessage
from web.hooks import body_of, sign
from web.settings import SettingsInvalid, load_settings, read_secrets

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "webhooks.md"
AT = datetime(2026, 3, 2, 12, 0, 1, tzinfo=UTC)


def posting(kind: NewsKind, facts: Any = None, *, at: datetime = AT) -> Posting:
    key = ConversationId(5)
    news = News(NewsId(9), "crm", LineId("shop"), key, kind, at, MessageId(7), facts)
    told = ToldMessage(MessageId(7), ExternalId("wamid.1"), "contact", Text(body="hello"))
    is_of_message = kind not in ("flow_ended", "handoff_changed")
    return Posting(news, 0, "5215550000001", None, "Ana", told if is_of_message else None)


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_page_shows_what_is_posted() -> None:
    shown = json.loads(block("json"))
    posted = json.loads(body_of(posting("message_received")))
    assert posted.keys() == shown.keys()
    assert posted["message"] == shown["message"] | {"id": "7"}
    assert posted["contact"] == shown["contact"]
    assert posted["at"] == shown["at"]


def test_the_pages_function_knows_our_posts_and_no_others() -> None:
    names: dict[str, Any] = {}
    exec(compile(block("python"), "webhooks.md", "exec"), names)  # the page's own code
    is_ours = names["is_from_parley"]
    now, body = str(int(datetime.now(UTC).timestamp())), body_of(posting("message_said"))
    signature = sign("secret", now, body)
    assert is_ours("secret", now, signature, body)
    assert not is_ours("another", now, signature, body)
    assert not is_ours("secret", now, signature, body + b" ")
    assert not is_ours("secret", "1", sign("secret", "1", body), body)


def test_a_fact_has_one_id_however_often_it_is_told() -> None:
    read = {"status": "read", "error": None}
    first, again = (
        posting("message_status", read),
        posting("message_status", read)._replace(attempts=3),
    )
    others = [
        posting("message_status", {"status": "failed", "error": None}),
        posting("message_received"),
        posting("flow_ended", {"run": 3}),
        posting("handoff_changed", {"number": 4, "state": "waiting"}),
        posting("handoff_changed", {"number": 4, "state": "claimed"}),
        posting("message_status", read, at=AT.replace(second=2)),
    ]
    ids = [json.loads(body_of(one))["id"] for one in (first, again, *others)]
    assert ids[0] == ids[1]
    assert len(set(ids)) == len(ids) - 1


def test_a_handoff_is_told_with_who_has_the_chat() -> None:
    facts = {"number": 4, "state": "claimed", "agent": "kim"}
    posted = json.loads(body_of(posting("handoff_changed", facts)))
    assert posted["event"] == "handoff_changed"
    assert posted["handoff"] == facts
    assert "message" not in posted


def test_a_status_names_its_message_and_says_no_words() -> None:
    posted = json.loads(body_of(posting("message_status", {"status": "read", "error": None})))
    assert posted["status"] == {"status": "read", "error": None}
    assert posted["message"] == {"id": "7", "external_id": "wamid.1", "origin": "contact"}


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ('url = "https://a.test"', "secret is missing: give secret, secret_file or secret_env"),
        ('url = "a.test"\nsecret = "x"', "must be an address such as"),
        ('url = "https://a.test"\nsecret = "x"\nevents = ["all"]', "'messages', 'statuses'"),
        ('url = "https://a.test"\nsecret = "x"\nlines = ["shop"]', "there is no line 'shop'"),
        ('url = "https://a.test"\nsecret_env = "NOT_SET_ANYWHERE"', "which is not set"),
    ],
)
def test_a_wrong_table_is_told_by_its_key(tmp_path: Path, table: str, problem: str) -> None:
    file = tmp_path / "parley.toml"
    file.write_text(f"[webhooks.crm]\n{table}\n")
    with pytest.raises(SettingsInvalid) as wrong:
        read_secrets(load_settings(file))
    assert "webhooks.crm" in str(wrong.value)
    assert problem in str(wrong.value)
