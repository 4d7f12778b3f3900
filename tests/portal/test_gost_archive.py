"""The archive's cipher by GOST, and the places of second copies."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.adapters.gost_archive import BackupFolder, BackupMemory, BackupPlace, GostArchive
from portal.ports.archive import KEY_BYTES, DamagedCopy
from portal.ports.unavailable import Unavailable
from signatures import gost
from signatures.gost import GostUnavailable
from tests.signatures.needs_gost import needs_gost

KEY, SALT = bytes(range(KEY_BYTES)), bytes(range(KEY_BYTES, 2 * KEY_BYTES))
CONTENT = "Договор".encode() * 100


@pytest.fixture(name="archive", params=["memory", "folder"])
def _archive(request: pytest.FixtureRequest, tmp_path: Path) -> GostArchive:
    place: BackupPlace = BackupMemory()
    if request.param == "folder":
        place = BackupFolder(tmp_path / "copies")
    return GostArchive(place)


@needs_gost
@pytest.mark.parametrize("content", [b"", b"\0", CONTENT])
def test_what_is_sealed_comes_back_and_is_not_seen(content: bytes) -> None:
    archive = GostArchive(BackupMemory())
    copy = archive.sealed(KEY, SALT, content)
    assert archive.opened(KEY, copy) == content
    assert len(content) < 2 or content not in copy


@needs_gost
def test_each_salt_hides_the_same_content_otherwise() -> None:
    archive = GostArchive(BackupMemory())
    first, second = (archive.sealed(KEY, salt, CONTENT)[60:-32] for salt in (SALT, KEY))
    assert first != second


@needs_gost
@pytest.mark.parametrize("place", [0, 20, 50, 100, -33, -1])
def test_a_copy_that_was_altered_anywhere_does_not_open(place: int) -> None:
    archive = GostArchive(BackupMemory())
    copy = bytearray(archive.sealed(KEY, SALT, CONTENT))
    copy[place] ^= 1
    with pytest.raises(DamagedCopy):
        archive.opened(KEY, bytes(copy))


@needs_gost
def test_a_cut_copy_and_another_key_open_nothing() -> None:
    archive = GostArchive(BackupMemory())
    copy = archive.sealed(KEY, SALT, CONTENT)
    for key, cut in ((KEY, copy[:-1]), (KEY, copy[:40]), (KEY, b""), (SALT, copy)):
        with pytest.raises(DamagedCopy):
            archive.opened(key, cut)


@pytest.mark.parametrize("length", [KEY_BYTES - 1, KEY_BYTES + 1])
def test_keys_and_salts_of_another_length_are_none(length: int) -> None:
    with pytest.raises(ValueError, match="key and salt have 32 bytes each"):
        GostArchive(BackupMemory()).sealed(bytes(length), SALT, CONTENT)


def test_without_gost_nothing_is_sealed_until_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(key: bytes, data: bytes) -> bytes:
        raise GostUnavailable("no engine")

    monkeypatch.setattr(gost, "mac", missing)
    with pytest.raises(Unavailable, match="archive: no engine"):
        GostArchive(BackupMemory()).sealed(KEY, SALT, CONTENT)


def test_a_second_copy_is_kept_under_its_name_and_replaced(archive: GostArchive) -> None:
    assert archive.backup_of("document/1") is None
    archive.back_up("document/1", b"one")
    archive.back_up("document/1", b"another")
    assert archive.backup_of("document/1") == b"another"
    assert archive.backup_of("document/2") is None


def test_workers_that_keep_the_same_copy_do_not_disturb_each_other(tmp_path: Path) -> None:
    place = BackupFolder(tmp_path)
    copies = [bytes([number]) * 100_000 for number in range(4)]
    with ThreadPoolExecutor(len(copies)) as pool:
        for _ in pool.map(lambda copy: place.put("document/1", copy), copies * 10):
            pass
    assert place.get("document/1") in copies
    assert len(list(tmp_path.iterdir())) == 1


def test_a_second_place_that_is_no_folder_is_silent(tmp_path: Path) -> None:
    (tmp_path / "copies").write_text("not a folder")
    archive = GostArchive(BackupFolder(tmp_path / "copies"))
    with pytest.raises(Unavailable):
        archive.back_up("document/1", b"one")
    with pytest.raises(Unavailable):
        archive.backup_of("document/1")


def test_copies_of_a_folder_outlive_the_process(tmp_path: Path) -> None:
    GostArchive(BackupFolder(tmp_path)).back_up("document/1", b"one")
    assert GostArchive(BackupFolder(tmp_path)).backup_of("document/1") == b"one"
