"""The configuration file: what it may say, and how it is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.cloud.settings import CloudLine
from tests.builders import make_contact
from web.flows import line_hours
from web.settings import Settings, SettingsInvalid, load_settings, read_secrets

SHOP = """
[lines.shop]
provider = "cloud"
start = "welcome"
phone_number_id = "1065"
token = "line-token"
app_secret = "line-secret"
verify_token = "line-verify"
"""


def load(folder: Path, text: str) -> Settings:
    file = folder / "parley.toml"
    file.write_text(text, "utf-8")
    return load_settings(file)


def shop_of(settings: Settings) -> CloudLine:
    shop = settings.lines["shop"]
    assert isinstance(shop, CloudLine)
    return shop


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsInvalid) as raised:
        load(folder, text)
    return raised.value.problems


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path, "")

    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8080)
    assert settings.database.url == f"sqlite:///{tmp_path}/parley.db"
    assert settings.flows.paths == ("flows",)
    assert settings.media.path == tmp_path / "media"
    assert settings.lines == {}


def test_every_section_is_read(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """
        [server]
        host = "0.0.0.0"
        port = 9000
        public_url = "https://bot.example.com/"
        [database]
        url = "postgresql://parley:pw@db/parley"
        [flows]
        paths = ["talks", "our_package"]
        [media]
        path = "/srv/files"
        max_bytes = 5_000_000
        [log]
        level = "debug"
        format = "json"
        """
        + SHOP,
    )

    assert settings.server.public_url == "https://bot.example.com"
    assert settings.database.url == "postgresql://parley:pw@db/parley"
    assert settings.flows.paths == ("talks", "our_package")
    assert settings.media.path == Path("/srv/files")
    assert settings.log.format == "json"
    assert settings.lines["shop"].start == "welcome"


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_DATABASE__URL", "sqlite:///other.db")
    monkeypatch.setenv("PARLEY_SERVER__PORT", "9001")
    monkeypatch.setenv("PARLEY_FLOWS__PATHS", "talks, more_talks")
    monkeypatch.setenv("PARLEY_LINES__SHOP__PHONE_NUMBER_ID", "2077")
    monkeypatch.setenv("PARLEY_LINES__SHOP__RATE_PER_SECOND", "0")

    settings = load(tmp_path, "[server]\nport = 9000\n" + SHOP)

    assert settings.database.url == f"sqlite:///{tmp_path}/other.db"
    assert settings.server.port == 9001
    assert settings.flows.paths == ("talks", "more_talks")
    assert shop_of(settings).phone_number_id == "2077"
    assert settings.lines["shop"].rate_per_second == 0


def test_a_variable_without_a_section_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_WRITE_TRANSCRIPTS", "1")

    assert load(tmp_path, "") == load_settings(tmp_path / "parley.toml")


def test_an_unknown_section_in_the_environment_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_DATA_BASE__URL", "sqlite:///other.db")

    assert problems(tmp_path, "") == ["data_base: unknown key; did you mean 'database'?"]


def test_a_secret_may_stand_in_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("from-the-file\n", "utf-8")

    settings = read_secrets(
        load(tmp_path, SHOP.replace('token = "line-token"', 'token_file = "token.txt"', 1))
    )

    token = shop_of(settings).token
    assert token is not None
    assert token.get_secret_value() == "from-the-file"


def test_a_secret_may_stand_in_a_named_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_SECRET", "from-the-variable")

    settings = read_secrets(
        load(tmp_path, SHOP.replace('app_secret = "line-secret"', 'app_secret_env = "SHOP_SECRET"'))
    )

    secret = shop_of(settings).app_secret
    assert secret is not None
    assert secret.get_secret_value() == "from-the-variable"


def test_every_line_without_its_secret_is_told(tmp_path: Path) -> None:
    without = SHOP.replace('token = "line-token"', 'token_env = "NOT_SET_HERE"', 1)
    settings = load(tmp_path, without + without.replace("lines.shop", "lines.second"))

    with pytest.raises(SettingsInvalid) as raised:
        read_secrets(settings)

    told = raised.value.problems
    assert [line.partition(".token_env")[0] for line in told] == ["lines.shop", "lines.second"]


def test_printing_the_settings_shows_no_secret(tmp_path: Path) -> None:
    settings = load(tmp_path, '[database]\nurl = "postgresql://parley:hidden-pw@db/p"' + SHOP)

    for secret in ("hidden-pw", "line-token", "line-secret", "line-verify"):
        assert secret not in repr(settings)
        assert secret not in str(settings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[server]\nprot = 1",
            "server.prot: unknown key; did you mean 'port'?",
            id="unknown-key",
        ),
        pytest.param("[sever]", "sever: unknown key; did you mean 'server'?", id="unknown-table"),
        pytest.param(
            SHOP.replace("token =", "tokn =", 1),
            "lines.shop.tokn: unknown key; did you mean 'token'?",
            id="unknown-key-of-a-line",
        ),
        pytest.param(
            '[server]\nport = "high"', "server.port: must be a whole number", id="not-a-number"
        ),
        pytest.param("[server]\nport = 70000", "server.port: must be at most 65535", id="too-high"),
        pytest.param("[media]\nmax_bytes = 0", "media.max_bytes: must be at least 1", id="too-low"),
        pytest.param(
            '[log]\nformat = "xml"', "log.format: must be 'text' or 'json'", id="not-one-of"
        ),
        pytest.param(
            "[flows]\npaths = 3", 'flows.paths: must be a list such as ["flows"]', id="list"
        ),
        pytest.param("server = 3", "server: must be a table", id="not-a-table"),
        pytest.param(
            '[database]\nurl = "mysql://db"',
            "database.url: must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
            id="database",
        ),
        pytest.param(
            '[server]\npublic_url = "bot.example.com"',
            "server.public_url: must be an address such as https://bot.example.com",
            id="address",
        ),
        pytest.param(
            "[lines.shop]\nstart = 'welcome'",
            "lines.shop.provider: is missing; one of 'cbot'",
            id="no-provider",
        ),
        pytest.param(
            "[lines.shop]\nprovider = 'clowd'",
            "lines.shop.provider: unknown; one of 'cbot'",
            id="unknown-provider",
        ),
        pytest.param(
            SHOP.replace("lines.shop", "lines.Shop-1"),
            "lines.Shop-1: a line's name is lower-case letters, digits and single underscores, "
            "beginning with a letter",
            id="line-name",
        ),
        pytest.param("folder = 'x'", "folder: unknown key", id="folder"),
    ],
)
def test_a_wrong_configuration_is_refused_in_one_line(
    tmp_path: Path, text: str, expected: str
) -> None:
    found = problems(tmp_path, text)

    assert len(found) == 1
    assert found[0].startswith(expected)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "[server]\nport = 70000\nprot = 1\n[log]\nlevel = 'loud'")

    assert {line.partition(":")[0] for line in found} == {"server.port", "server.prot", "log.level"}


def test_a_refused_value_is_not_repeated(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, SHOP.replace('"line-token"', "12345"))

    assert found.startswith("lines.shop.token")
    assert "12345" not in found


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"missing\.toml: no such file"):
        load_settings(tmp_path / "missing.toml")


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "[server\nport = 1")

    assert "not valid TOML" in found
    assert "line 1" in found


def test_a_line_has_its_own_clock(tmp_path: Path) -> None:
    settings = load(tmp_path, SHOP + 'time_zone = "Europe/Madrid"\nquiet_hours = "21:00-08:00"\n')
    (hours,) = line_hours(settings).values()
    night = datetime(2026, 6, 1, 20, 30, tzinfo=UTC)
    contact = make_contact(phone="34612345678")
    assert hours.awake(contact, night) == datetime(2026, 6, 2, 6, tzinfo=UTC)
