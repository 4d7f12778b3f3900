"""Roots and authorities of the country: equal for all, each its own."""

import datetime as dt
from typing import Any

import pytest

from mocks.pki import hierarchy
from mocks.pki.hierarchy import AUTHORITIES, ROOTS, certificate_chain, issuer_of, root_issuer
from signatures.certificates import public_key
from signatures.refusals import SignatureRefused
from signatures.verification import Trust, check
from tests.signatures.needs_gost import ALGORITHMS
from world.certificate_profiles import ACCREDITED, NOT_ACCREDITED

EACH = pytest.mark.parametrize("algorithm", ALGORITHMS)
NOW = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)


@EACH
def test_every_authority_is_certified_by_its_root_and_by_no_other(algorithm: Any) -> None:
    for authority in AUTHORITIES:
        certificate, own_root = certificate_chain(authority.id, algorithm, 1)
        for root in ROOTS.values():
            trusted = Trust(roots=[root_issuer(root, algorithm, 1).certificate])
            if root is hierarchy.root_of(authority.id):
                chain = check(certificate, NOW, trusted, usage=["key_cert_sign"])
                assert [each.dump() for each in chain] == [own_root.dump(), certificate.dump()]
            else:
                with pytest.raises(SignatureRefused) as refusal:
                    check(certificate, NOW, trusted, usage=["key_cert_sign"])
                assert refusal.value.code == "unknown-root"


@EACH
def test_names_keys_and_numbers_of_issuers_all_differ(algorithm: Any) -> None:
    certificates = [
        *(issuer_of(each.id, algorithm, 1).certificate for each in AUTHORITIES),
        *(root_issuer(root, algorithm, 1).certificate for root in ROOTS.values()),
    ]
    for told in (
        {each.serial_number for each in certificates},
        {public_key(each).spki for each in certificates},
        {(each.subject.dump(), each.self_signed) for each in certificates},
    ):
        assert len(told) == len(certificates) == 11


def test_places_of_the_hierarchy() -> None:
    roots = {each.id: hierarchy.root_of(each.id).id for each in AUTHORITIES}
    assert roots == {
        "north": "head", "guarantor": "head", "treasury": "head-2025", "archive": "head-2010",
        "express": "express-root", "homemade": "homemade-root",
    }  # fmt: skip
    assert [root.id for root in hierarchy.TRUSTED_ROOTS] == ["head", "head-2025", "head-2010"]
    accredited = {each.id for each in AUTHORITIES if each.accredited}
    assert accredited == {each.id for each in ACCREDITED} | {"archive"}
    assert {each.id for each in NOT_ACCREDITED} & accredited == set()


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_certificates_are_those_of_the_seed(algorithm: Any) -> None:
    for authority in AUTHORITIES:
        first = issuer_of(authority.id, algorithm, 1).certificate.dump()
        issuer_of.cache_clear()
        assert issuer_of(authority.id, algorithm, 1).certificate.dump() == first
        assert issuer_of(authority.id, algorithm, 2).certificate.dump() != first


def test_issuers_say_where_their_lists_and_answers_are() -> None:
    addresses = issuer_of("north", "ecc", 1).addresses
    assert addresses is not None
    assert addresses.crl == "http://crl.poligon.test/north-ecc.crl"
    assert addresses.certificate == "http://crl.poligon.test/north-ecc.cer"
    assert addresses.ocsp == "http://ocsp.poligon.test/north-ecc"
    certificate = issuer_of("north", "ecc", 1).certificate
    assert certificate.ocsp_urls == ["http://ocsp.poligon.test/head-ecc"]
    assert [each.url for each in certificate.crl_distribution_points] == [
        "http://crl.poligon.test/head-ecc.crl"
    ]


def test_unknown_authority_is_a_key_error() -> None:
    for act in (hierarchy.authority, hierarchy.root_of):
        with pytest.raises(KeyError, match="nobody"):
            act("nobody")
