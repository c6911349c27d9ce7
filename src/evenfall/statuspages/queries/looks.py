"""How a page looks, which languages it speaks and on which domain it is."""

from typing import Final

from msgspec import Struct

from evenfall.statuspages.logic.colours import Accent, accent_of
from evenfall.statuspages.logic.phrases import Language, known
from evenfall.statuspages.models import Look


class LookView(Struct, frozen=True, kw_only=True):
    """`accent` None: our own colour. `languages`: at least one, the first is for everybody."""

    accent: Accent | None = None
    languages: tuple[Language, ...] = (Language.EN,)
    domain: str = ""
    logo_digest: str = ""
    logo_type: str = ""

    @property
    def digest(self) -> str:
        """Changes with the style sheet."""
        return self.accent.colour.removeprefix("#") if self.accent else ""


class Logo(Struct, frozen=True, kw_only=True):
    body: bytes
    content_type: str
    digest: str


PLAIN: Final = LookView()


def look(status_page_id: int) -> LookView:
    """What was chosen for a page, or how pages look by themselves."""
    rows = Look.objects.filter(page_id=status_page_id).defer("logo")
    row = rows.first()
    if row is None:
        return PLAIN
    return LookView(
        accent=accent_of(row.accent),
        languages=known(row.languages),
        domain=row.domain,
        logo_digest=row.logo_digest,
        logo_type=row.logo_type,
    )


def logo(status_page_id: int) -> Logo | None:
    row = Look.objects.filter(page_id=status_page_id).exclude(logo_digest="").first()
    if row is None:
        return None
    return Logo(body=bytes(row.logo), content_type=row.logo_type, digest=row.logo_digest)


def slug_of_domain(domain: str) -> str | None:
    """The address below /status/ of the page that has this domain."""
    if not domain:
        return None
    return Look.objects.filter(domain=domain).values_list("page__slug", flat=True).first()
