"""Files that people send: read within limits, named harmlessly, and given back so that no browser
runs anything of them.
"""

import hashlib
import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from msgspec import Struct

NAME_LENGTH: Final = 120


class Upload(Struct, frozen=True, kw_only=True):
    """A file as it was sent; nothing that the sender says about it is believed."""

    name: str
    body: bytes


class StoredFile(Struct, frozen=True, kw_only=True):
    """A file with its bytes; `content_type` was found out from them, `digest` is their SHA-256.

    Only what `is_picture` is drawn by a browser; it downloads everything else.
    """

    name: str
    content_type: str
    body: bytes
    digest: bytes
    is_picture: bool = True


def uploads(request: HttpRequest, field: str, *, most: int, most_size: int) -> list[Upload]:
    """The files of a form, read no further than one file and one byte past the limits.

    So the action sees what is too much and says so, and no memory is spent on it.
    """
    sent = request.FILES.getlist(field)[: most + 1]
    return [Upload(name=one.name or "", body=one.read(most_size + 1)) for one in sent]


def digest_of(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


def plain_name(name: str, ending: str, *, otherwise: str) -> str:
    """Return a harmless file name with this ending, whatever was given."""
    last = re.split(r"[\\/]", name)[-1]
    stem = last.rpartition(".")[0] or last
    plain = re.sub(r"[^\w .()-]+", " ", stem).strip(" .")
    return f"{plain[: NAME_LENGTH - len(ending) - 1].strip() or otherwise}.{ending}"


def answer(
    request: HttpRequest, file: StoredFile, *, cache: str = "private, max-age=3600"
) -> HttpResponse:
    """Send a file: a browser draws pictures, keeps everything else as a download, runs nothing.

    The type is the one that its bytes have. By default only the reader's own browser keeps it.
    """
    tag = f'"{file.digest.hex()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        made = HttpResponse(status=304)
    else:
        made = HttpResponse(file.body, content_type=file.content_type)
    made["ETag"] = tag
    made["Cache-Control"] = cache
    # Django gives nothing for a plain name that is shown; a download has its name always
    made["Content-Disposition"] = (
        content_disposition_header(not file.is_picture, file.name) or "inline"
    )
    made["X-Content-Type-Options"] = "nosniff"
    made["Content-Security-Policy"] = "default-src 'self'; script-src 'none'; sandbox"
    made["Cross-Origin-Resource-Policy"] = "same-origin"
    return made
