"""Kept connections that are sealed: whose certificate is taken."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.connections import Connections, Unreached
from tests.adapters.raw import Bytes, ask, serving


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that signs itself, with its key: for this machine by its number alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provider")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "provider.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
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
