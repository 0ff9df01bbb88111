"""Kept connections that are sealed: whose certificate is taken."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.connections import Connections, Unreached
from tests.adapters.raw import Bytes, ask, serving
from tests.certificate import certify


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that signs itself, with its key: for this machine by its number alone."""
    path = tmp_path / "provider.pem"
    path.write_bytes(b"".join(certify("provider")))
    return path


@pytest.fixture
async def secure(certificate: Path) -> AsyncIterator[Bytes]:
    """A server with that certificate."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    async with serving(tls=tls) as server:
        yield server


async def test_a_certificate_that_is_trusted_is_taken(
    kept: Connections, secure: Bytes, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    for _ in range(2):
        assert (await ask(kept, f"https://127.0.0.1:{secure.port}/")).body == b"ok"
    assert secure.connections == 1


async def test_a_certificate_that_nobody_signed_is_refused(
    kept: Connections, secure: Bytes
) -> None:
    with pytest.raises(Unreached, match="SSLCertVerificationError"):
        await ask(kept, f"https://127.0.0.1:{secure.port}/")
    assert secure.requests == []


async def test_a_certificate_of_another_host_is_refused(
    kept: Connections, secure: Bytes, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(Unreached, match="SSLCertVerificationError"):
        await ask(kept, f"https://localhost:{secure.port}/")
    assert secure.requests == []
