"""The `openssl` command as tests call it, with the GOST engine and without."""

from signatures import gost
from tests.clients.openssl import needs_openssl, openssl
from tests.signatures.needs_gost import needs_gost

# RFC 6234 (SHA-256) and RFC 6986, 10.1.2 (Streebog-256, bytes from the last to the first).
ABC_SHA_256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
M1 = b"012345678901234567890123456789012345678901234567890123456789012"
M1_STREEBOG_256 = "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"

pytestmark = needs_openssl


def test_command_gets_the_data_and_gives_what_it_wrote() -> None:
    verdict = openssl("dgst", "-sha256", "-r", data=b"abc")
    assert (verdict.code, verdict.out.split()[0].decode()) == (0, ABC_SHA_256)


def test_refusal_of_the_command_is_a_verdict() -> None:
    verdict = openssl("verify", data=b"no certificate")
    assert verdict.code != 0
    assert "certificate" in verdict.said


@needs_gost
def test_command_with_gost_agrees_with_the_adapter() -> None:
    verdict = openssl("dgst", "-md_gost12_256", "-r", data=M1, gost=True)
    assert (verdict.code, verdict.out.split()[0].decode()) == (0, M1_STREEBOG_256)
    assert gost.digest(M1).hex() == M1_STREEBOG_256
