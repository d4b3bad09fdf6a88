"""Keys of service accounts, and the file in which Google hands one out."""

import secrets
from functools import cache
from urllib.parse import quote

import attrs

from formbridge.testing.google.messages import Body

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
"""Where clients exchange what they have for a token; also the audience of their assertions."""


@attrs.frozen(kw_only=True)
class Key:
    """An RSA key of a service account. ``private`` and ``public`` are PEM (PKCS 8 and SPKI)."""

    id: str
    private: str = attrs.field(repr=False)
    public: str


def new_key() -> Key:
    """Return a new key of 2,048 bits, which takes a tenth of a second."""
    # Lazily: to start, a server needs no key.
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - see above

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Key(id=secrets.token_hex(20), private=private.decode(), public=public.decode())


@cache
def shared_key() -> Key:
    """Return the one key of this process: enough wherever nobody tells accounts apart by keys."""
    return new_key()


def key_file(
    key: Key, *, email: str, number: str, project: str, token_uri: str = TOKEN_URI
) -> Body:
    """Return a key file as Google's console writes it. ``number`` is the account's unique id."""
    return {
        "type": "service_account",
        "project_id": project,
        "private_key_id": key.id,
        "private_key": key.private,
        "client_email": email,
        "client_id": number,
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_uri,
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": (
            f"https://www.googleapis.com/robot/v1/metadata/x509/{quote(email, safe='')}"
        ),
        "universe_domain": "googleapis.com",
    }
