"""The files of a copy: a whole page with its history, feeds and looks, for any static hosting."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders

from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.ports import File
from evenfall.statuspages.queries.documents import TYPES, document
from evenfall.statuspages.queries.looks import LookView, logo, look
from evenfall.statuspages.queries.pages import PageView
from evenfall.statuspages.queries.sites import ICON, STYLES, Site

SCRIPT: Final = "statuspages/copy.js"
INDEX: Final = "index.html"
_ENDINGS: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
}


def copy_files(
    status_page_id: int, *, address: str, stale_minutes: int, now: datetime
) -> list[File]:
    """The files in the order in which they are stored: what others point at comes first.

    So a reader never gets a page whose parts are not there yet, whenever the writer dies. The
    page in its first language, the index, is the last one.
    """
    chosen = look(status_page_id)
    assets = [*_assets(), *_look_assets(status_page_id, chosen)]

    def site_of(_page: PageView, look: LookView) -> Site:
        return _site(assets, look, address, stale_minutes)

    def made(name: str, kind: str, language: Language) -> File:
        body = document(status_page_id, kind, site_of=site_of, language=language, now=now)
        return File(name=name, body=body, content_type=TYPES[kind])

    first, *others = chosen.languages
    return [
        *assets,
        made("feed.atom", "atom", first),
        made("maintenance.ics", "ics", first),
        made("status.json", "json", first),
        *(made(_name("history", one, first), "history", one) for one in chosen.languages),
        *(made(_name("index", one, first), "html", one) for one in others),
        made(INDEX, "html", first),
    ]


def digest_of(file: File) -> str:
    """What tells whether a file has to be stored again."""
    return sha256(file.content_type.encode() + b"\0" + file.body).hexdigest()


def _site(assets: list[File], chosen: LookView, address: str, stale_minutes: int) -> Site:
    first = chosen.languages[0]
    named = {_stem(one.name): one.name for one in assets}
    styles = [named[Path(name).stem] for name in STYLES]
    return Site(
        address=address,
        styles=(*styles, *([named["look"]] if chosen.accent else [])),
        icon=named[Path(ICON).stem],
        logo=named.get("logo", ""),
        script=named[Path(SCRIPT).stem],
        stale_minutes=stale_minutes,
        pages={one: _name("index", one, first) for one in chosen.languages},
        histories={one: _name("history", one, first) for one in chosen.languages},
    )


def _name(stem: str, language: Language, first: Language) -> str:
    return f"{stem}.html" if language is first else f"{stem}.{language.value}.html"


@cache
def _assets() -> tuple[File, ...]:
    """Style sheets, icon and script: they change with the release only."""
    return tuple(_asset(Path(name).name, _read(name)) for name in (*STYLES, ICON, SCRIPT))


def _read(name: str) -> bytes:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_bytes()


def _look_assets(status_page_id: int, chosen: LookView) -> Iterator[File]:
    if chosen.accent:
        yield _asset("look.css", chosen.accent.css.encode())
    image = logo(status_page_id) if chosen.logo_digest else None
    if image is not None:
        yield _asset(f"logo.{image.content_type.rpartition('/')[2]}", image.body)


def _asset(name: str, body: bytes) -> File:
    """Its name has the digest of its content: an older page keeps the parts it was made with."""
    stem, _, ending = name.rpartition(".")
    digest = sha256(body).hexdigest()[:12]
    return File(
        name=f"assets/{stem}.{digest}.{ending}",
        body=body,
        content_type=_ENDINGS[ending],
        is_lasting=True,
    )


def _stem(name: str) -> str:
    return Path(name).name.partition(".")[0]
