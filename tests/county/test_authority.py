"""Certificates: an authority made here, or the county's own, and whom a device then trusts."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from db.county import authority
from db.county.service import Service
from db.sync.client import CountyClient
from db.sync.enrol import enrol
from db.sync.errors import CountyNotTrusted, CountyUnreachable
from db.sync.line import fetch_authority, fingerprint
from tests.county.world import Server, World, no_limits


def test_an_authority_is_made_once_and_its_keys_are_private(tmp_path: Path) -> None:
    first = authority.local(tmp_path, ("127.0.0.1", "localhost"))
    assert authority.local(tmp_path, ("127.0.0.1",)) == first
    more = authority.local(tmp_path, ("127.0.0.1", "county.example"))
    assert more.fingerprint == first.fingerprint  # a new name, the same authority
    for name in (authority.AUTHORITY_KEY, authority.SERVER_KEY):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert len(first.fingerprint) == 16


def test_whoever_begins_at_once_has_one_authority(tmp_path: Path) -> None:
    """`serve` and `enrol-code` typed one after the other, on a machine that takes its time."""
    with ThreadPoolExecutor(8) as many:
        made = list(many.map(lambda _: authority.local(tmp_path, ("127.0.0.1",)), range(8)))
    assert len({tls.authority for tls in made}) == 1
    issuer = x509.load_pem_x509_certificate(made[0].authority.encode())
    key = serialization.load_pem_private_key((tmp_path / authority.AUTHORITY_KEY).read_bytes(), None)
    assert key.public_key() == issuer.public_key()
    x509.load_pem_x509_certificate(made[0].certificate.read_bytes()).verify_directly_issued_by(issuer)


def test_a_name_that_was_served_stays(tmp_path: Path) -> None:
    authority.local(tmp_path, ("county.example",))
    served = authority.local(tmp_path, ("127.0.0.1",)).certificate.read_bytes()
    assert authority.local(tmp_path, ("county.example",)).certificate.read_bytes() == served


def test_a_certificate_of_the_countys_own(county_world: World, tmp_path: Path) -> None:
    made = authority.local(tmp_path / "theirs", ("127.0.0.1",))
    chain = tmp_path / "chain.pem"
    chain.write_text(made.certificate.read_text() + made.authority)
    tls = authority.given(chain, made.key)
    served = Server(Service(county_world.county, tls.authority, no_limits()), tls)
    try:
        assert fingerprint(fetch_authority(served.address)) == tls.fingerprint
        store = county_world.store("a")
        code = county_world.code()[: -len(county_world.tls.fingerprint)] + tls.fingerprint
        enrol(store, served.address, code)
        with county_world.client(store) as client:
            assert client.mark().epoch == 0
    finally:
        served.close()


def test_a_name_that_is_not_in_the_certificate_is_not_trusted(county_world: World, tmp_path: Path) -> None:
    other = authority.local(tmp_path, ("county.example",))
    served = Server(Service(county_world.county, other.authority, no_limits()), other)
    try:
        with CountyClient(served.address, other.authority) as client, pytest.raises(CountyNotTrusted):
            client.mark()
    finally:
        served.close()


@pytest.mark.parametrize("address", ["http://127.0.0.1", "127.0.0.1:8443", "https://", "https://x:port", ""])
def test_only_https_addresses(address: str) -> None:
    with pytest.raises(CountyUnreachable):
        fetch_authority(address)


def test_nonsense_has_no_fingerprint() -> None:
    with pytest.raises(CountyNotTrusted):
        fingerprint("nonsense")
