"""One push message on the wire: encrypted for its browser (RFC 8291), signed by this server (RFC 8292). No I/O.

Ours, because the libraries for it bring a second HTTP client and no types; the ciphers are `cryptography`'s.
"""

import base64
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from yarl import URL

CURVE: Final = ec.SECP256R1()

SALT_BYTES: Final = 16
POINT_BYTES: Final = 65
"""An uncompressed point: 4, then both coordinates."""
AUTH_BYTES: Final = 16
RECORD_BYTES: Final = 4096
"""Push services take at least this. Source: RFC 8291 section 4, read 2026-08."""
PLAIN_BYTES_MOST: Final = RECORD_BYTES - SALT_BYTES - 4 - 1 - POINT_BYTES - 1 - 16
"""What is left of it beside the header, the end mark and the tag."""

TOKEN_LASTS: Final = timedelta(hours=12)
"""A push service refuses more than 24 hours. Source: RFC 8292 section 2, read 2026-08."""

_LAST_RECORD: Final = b"\x02"


class KeyUnusable(ValueError):
    """It is no key that a browser would give."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a browser gave with its subscription."""

    public_key: bytes
    """Its point on P-256, uncompressed."""
    auth: bytes
    """The secret that it shares with us."""

    def __post_init__(self) -> None:
        """Refuse what cannot be encrypted for. Raises KeyUnusable."""
        if len(self.auth) != AUTH_BYTES or len(self.public_key) != POINT_BYTES:
            raise KeyUnusable("a subscription's keys have 65 and 16 bytes")
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(CURVE, self.public_key)
        except ValueError as error:
            raise KeyUnusable("a subscription's public key lies on P-256") from error


class Vapid:
    """The key that this server signs its push messages with.

    Args:
        private: The key as DER, as `private` gives it back.
    """

    def __init__(self, private: bytes) -> None:
        key = load_der_private_key(private, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self._key = key
        self.public = point_of(key.public_key())
        """What browsers subscribe with: messages of any other key are refused them."""

    @classmethod
    def make(cls) -> "Vapid":
        """Make a new key."""
        return cls(private_of(ec.generate_private_key(CURVE)))

    @property
    def private(self) -> bytes:
        """The key as it is kept."""
        return private_of(self._key)

    def header(self, endpoint: URL, *, subject: str | None, now: datetime) -> str:
        """Return the `Authorization` header for one push service.

        Args:
            endpoint: The subscription's address; its origin is whom the token is for.
            subject: Where the service's people reach ours, as `mailto:` or `https:`; None leaves it out.
            now: The time.
        """
        claims = {
            "aud": str(endpoint.origin()),
            "exp": int((now + TOKEN_LASTS).timestamp()),
            **({} if subject is None else {"sub": subject}),
        }
        parts = ({"typ": "JWT", "alg": "ES256"}, claims)
        signed = b".".join(to_base64(orjson.dumps(part)).encode() for part in parts)
        r, s = decode_dss_signature(self._key.sign(signed, ec.ECDSA(SHA256())))
        signature = to_base64(r.to_bytes(32) + s.to_bytes(32))
        return f"vapid t={signed.decode()}.{signature}, k={to_base64(self.public)}"


def encrypt(
    plain: bytes,
    keys: Keys,
    *,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return the body of a push message: one record of the coding `aes128gcm`.

    Args:
        plain: At most `PLAIN_BYTES_MOST` bytes.
        keys: The browser's.
        salt: None takes a new one, as every message must.
        own: The sender's key of this message; None takes a new one.

    Source: RFC 8291 section 3.4 and RFC 8188 section 2, read 2026-08.
    """
    if len(plain) > PLAIN_BYTES_MOST:
        raise ValueError(f"a push message has at most {PLAIN_BYTES_MOST} bytes, not {len(plain)}")
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    own = own or ec.generate_private_key(CURVE)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, keys.public_key)
    point = point_of(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, keys.auth, b"WebPush: info\0" + keys.public_key + point, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, plain + _LAST_RECORD, None)
    return salt + RECORD_BYTES.to_bytes(4) + bytes([len(point)]) + point + sealed


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as the web writes it."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def private_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return a private key as it is kept."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def to_base64(data: bytes) -> str:
    """Write bytes as the web does: base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """Read base64url, with or without padding. Raises KeyUnusable."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise KeyUnusable("a subscription's keys are base64url") from error


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
