"""The keys a device proves itself with: Ed25519 to sign, X25519 to open what comes on a stick.

Both come from one 32-byte seed, made on the device at enrolment and never sent anywhere; the store keeps it sealed
with the hall's key.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.keys import KEY_BYTES, NONCE_BYTES, derived


@dataclass(frozen=True)
class DeviceKey:
    """`repr` never shows the seed."""

    seed: bytes

    @classmethod
    def make(cls) -> DeviceKey:
        return cls(secrets.token_bytes(KEY_BYTES))

    def __repr__(self) -> str:
        return "DeviceKey()"

    def sign(self, message: bytes) -> bytes:
        return self._signer().sign(message)

    @property
    def public(self) -> bytes:
        return self._signer().public_key().public_bytes_raw()

    @property
    def box_public(self) -> bytes:
        return self._opener().public_key().public_bytes_raw()

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Undo `seal_to` with our box key. Raises ValueError where it is not for us or was changed."""
        theirs, nonce, rest = sealed[:KEY_BYTES], sealed[KEY_BYTES : KEY_BYTES + NONCE_BYTES], sealed
        try:
            shared = self._opener().exchange(X25519PublicKey.from_public_bytes(theirs))
            key = _box_key(shared, theirs, self.box_public)
            return AESGCM(key).decrypt(nonce, rest[KEY_BYTES + NONCE_BYTES :], context)
        except InvalidTag as error:
            raise ValueError("not for this key, or changed") from error

    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(derived(self.seed, "sign"))

    def _opener(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(derived(self.seed, "box"))


def verified(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def seal_to(box_public: bytes, plain: bytes, context: bytes) -> bytes:
    """For the holder of `box_public` only: one-time public key, nonce, AES-256-GCM."""
    once = X25519PrivateKey.generate()
    ours = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(box_public))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return ours + nonce + AESGCM(_box_key(shared, ours, box_public)).encrypt(nonce, plain, context)


def _box_key(shared: bytes, sender: bytes, receiver: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, None, b"gighall box" + sender + receiver).derive(shared)
