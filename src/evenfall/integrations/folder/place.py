"""Writes files so that each is there as a whole or not at all."""

import asyncio
import contextlib
import os
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, override

from django.conf import settings

from evenfall.statuspages.ports import CopyNotStored, Field, File, Place, PlaceNotUsable

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_HALF: Final = ".half-"
"""How a file begins that is still being written; a web server does not show such names."""


class Folder(Place):
    kind = "folder"
    label = "A folder of this machine"
    fields = (
        Field(
            name="folder",
            label="Name of the folder",
            help_text="Small letters, digits and hyphens. It is made where copies are kept: "
            "EVENFALL_STATUS_COPIES_DIR.",
        ),
    )

    @override
    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        name = values.get("folder", "").strip()
        if not _NAME.fullmatch(name):
            reason = "the name of a folder takes small letters, digits and hyphens."
            raise PlaceNotUsable(reason=reason, field="folder")
        return {"folder": name}

    @override
    def described(self, values: Mapping[str, str]) -> str:
        return f"Folder {values['folder']}"

    @override
    async def put(self, values: Mapping[str, str], files: Sequence[File]) -> None:
        own: Path | None = settings.EVENFALL.status_copies_dir
        root = own or settings.EVENFALL.data_dir / "status-copies"
        await asyncio.to_thread(write_all, root / values["folder"], files)


def write_all(root: Path, files: Sequence[File]) -> None:
    """Write the files in their order. What a writer that died left half done is removed first."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        for half in _halves(root):
            half.unlink(missing_ok=True)
        for file in files:
            _write(root.joinpath(*PurePosixPath(file.name).parts), file.body)
    except OSError as error:
        raise CopyNotStored(reason=f"{error.strerror or error}: {error.filename}") from error


def _halves(root: Path) -> Iterator[Path]:
    return root.rglob(f"{_HALF}*")


def _write(path: Path, body: bytes) -> None:
    """Make the file beside its place, let it reach the disk, then put it in its place at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{_HALF}{secrets.token_hex(8)}")
    try:
        with half.open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        half.chmod(0o644)
        half.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            half.unlink()
