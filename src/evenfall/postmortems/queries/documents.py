"""A post-mortem as a PDF, where the extra for it is installed."""

from datetime import datetime
from typing import Final

from evenfall.postmortems import errors
from evenfall.postmortems.queries.export import as_html

_STYLE: Final = """
@page { size: A4; margin: 20mm 18mm; @bottom-right { content: counter(page) " / " counter(pages) } }
body { font: 10.5pt/1.5 sans-serif; color: #1a1d23; overflow-wrap: anywhere }
h1 { font-size: 20pt; line-height: 1.2 } h2 { font-size: 13pt; margin-top: 1.6em }
h1, h2, h3 { break-after: avoid } li, tr { break-inside: avoid }
code, pre { font: 9pt/1.4 monospace; white-space: pre-wrap }
table { border-collapse: collapse; width: 100% }
img { max-width: 100%; max-height: 22cm; height: auto }
td, th { border: .5pt solid #b9bec8; padding: 3pt 5pt; text-align: left }
"""


def as_pdf(postmortem_id: int, *, now: datetime) -> bytes:
    """The same document as the HTML file; all times are UTC.

    Nothing is fetched while it is made, neither from a network nor from a disk. Raises
    PostmortemNotFound, PdfNotInstalled.
    """
    html = as_html(postmortem_id, now=now)
    try:
        import weasyprint  # noqa: PLC0415 - an extra, and slow to load
    except (ImportError, OSError) as error:  # OSError: Pango is missing
        raise errors.PdfNotInstalled from error
    # a document could ask for files of this server, or tell others who reads it; its images are
    # part of it
    fetcher = weasyprint.urls.URLFetcher
    style = weasyprint.CSS(string=_STYLE, url_fetcher=fetcher(allowed_protocols=()))
    document = weasyprint.HTML(string=html, url_fetcher=fetcher(allowed_protocols=("data",)))
    made: bytes = document.write_pdf(stylesheets=[style])
    return made
