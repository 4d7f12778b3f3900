"""The report folder, written so that an interruption leaves the old report or the new one, never a
mixture.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["Contents", "write_folder"]

Contents = Mapping[str, Callable[[], str | bytes]]


def write_folder(folder: Path, contents: Contents, extra: Mapping[str, Path] | None = None) -> Path:
    """Write the files of `contents` into `folder`, all or none, and return its full path.

    `extra` are finished files to be moved in under the names given
    (an event log); they are gone from where they were even if writing fails. Other files of the
    folder stay. On any error or Ctrl-C the folder is as it was before; only a killed process can
    leave a hidden `.NAME.XXXX` behind. Raises OSError if the folder can't be written.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Inside a folder that exists: it may be a mount point, and renames do not cross file systems.
    place = folder if folder.is_dir() else folder.parent
    fresh = place / f".{folder.name}.{secrets.token_hex(4)}"
    old = place / f"{fresh.name}.old"
    try:
        fresh.mkdir()
        _fill(fresh, contents, extra or {})
        if place is folder:
            old.mkdir()
            _replace(fresh, folder, old)
        else:
            fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return folder


def _fill(fresh: Path, contents: Contents, extra: Mapping[str, Path]) -> None:
    for name, content in contents.items():
        made = content()
        (fresh / name).write_bytes(made if isinstance(made, bytes) else made.encode())
    for name, path in extra.items():
        shutil.move(path, fresh / name)


def _replace(fresh: Path, folder: Path, old: Path) -> None:
    """Move each file of `fresh` into `folder`; if one can't be, put back those it replaced."""
    names = sorted(path.name for path in fresh.iterdir())
    try:
        for name in names:
            if (folder / name).exists():
                _second_name(folder / name, old / name)
            (fresh / name).replace(folder / name)
    except BaseException:
        for name in names:
            if (old / name).exists():
                (old / name).replace(folder / name)
            elif not (fresh / name).exists():
                (folder / name).unlink(missing_ok=True)
        raise


def _second_name(path: Path, name: Path) -> None:
    """Keep what `path` holds under another name; by copying where the file system has no links."""
    try:
        os.link(path, name)
    except OSError:
        shutil.copy2(path, name)
