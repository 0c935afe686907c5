"""TLS: a given certificate, or a local authority made here that devices pin at enrolment.

The enrolment code carries the authority's fingerprint, so that a device never has to trust whoever answers first.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from db.county.errors import CertificateInvalid
from db.file_lock import FileLock
from db.keys import write_private
from db.sync.line import fingerprint

AUTHORITY, AUTHORITY_KEY = "authority.pem", "authority.key"
SERVER, SERVER_KEY = "server.pem", "server.key"
LOCK = "lock"
WAIT_SECONDS = 0.05
GROUP = 4
YEARS = timedelta(days=3650)
# Kiosk clocks are off by a year now and then: certificates begin well before they were made.
BEFORE = timedelta(days=730)


@dataclass(frozen=True)
class Tls:
    """Files for the server; `authority` is the PEM that devices pin."""

    certificate: Path
    key: Path
    authority: str
    given: bool = False  # by the operator: browsers know it

    @property
    def fingerprint(self) -> str:
        """What follows the code at enrolment."""
        return fingerprint(self.authority)

    def full_code(self, code: str) -> str:
        """An enrolment code as people type it: the one-time part, then whom to trust, in groups."""
        pin = self.fingerprint
        return "-".join([code, *(pin[at : at + GROUP] for at in range(0, len(pin), GROUP))])


def given(certificate: Path, key: Path) -> Tls:
    """A certificate of the county's own; its last certificate in the file (the issuer) is what devices pin.

    Raises CertificateInvalid, OSError.
    """
    try:
        chain = x509.load_pem_x509_certificates(certificate.read_bytes())
        pair = serialization.load_pem_private_key(key.read_bytes(), None)
    except (ValueError, TypeError) as error:  # a key with a password is a TypeError
        raise CertificateInvalid(reason="not_pem") from error
    if pair.public_key() != chain[0].public_key():
        raise CertificateInvalid(reason="key")
    return Tls(certificate, key, chain[-1].public_bytes(serialization.Encoding.PEM).decode(), given=True)


def local(folder: Path, names: tuple[str, ...]) -> Tls:
    """Make (once) an authority in `folder` and, for these host names and addresses, a server certificate.

    A name it once served stays. Several processes may begin at once: one makes, the others wait.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    while not lock.take():
        sleep(WAIT_SECONDS)
    try:
        if not (folder / AUTHORITY).exists():
            _make_authority(folder)
        authority = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        before = _names(folder / SERVER) if (folder / SERVER).exists() else set()
        if not before >= set(names):
            _make_server(folder, authority, tuple(dict.fromkeys([*names, *sorted(before)])))
    finally:
        lock.give()
    return Tls(folder / SERVER, folder / SERVER_KEY, (folder / AUTHORITY).read_text())


def _make_authority(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gighall county")])
    constraints = x509.BasicConstraints(ca=True, path_length=0)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    certificate = (
        _builder(name, name, key.public_key())
        .add_extension(constraints, critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(folder / AUTHORITY_KEY, _pem(key))
    _write(folder / AUTHORITY, certificate.public_bytes(serialization.Encoding.PEM))


def _make_server(folder: Path, authority: x509.Certificate, names: tuple[str, ...]) -> None:
    issuer = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), None)
    if not isinstance(issuer, ec.EllipticCurvePrivateKey):
        raise TypeError("the authority's key is not ours")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    alternatives = x509.SubjectAlternativeName([_alternative(name) for name in names])
    certificate = (
        _builder(subject, authority.subject, key.public_key())
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False
        )
        .sign(issuer, hashes.SHA256())
    )
    _write(folder / SERVER_KEY, _pem(key))
    _write(folder / SERVER, certificate.public_bytes(serialization.Encoding.PEM))


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    at = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BEFORE)
        .not_valid_after(at + YEARS)
    )


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _names(path: Path) -> set[str]:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in found}


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(f".{os.getpid()}.part")
    part.unlink(missing_ok=True)
    write_private(part, content)
    part.replace(path)
