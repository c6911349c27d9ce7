"""The installable app: its manifest and the files it keeps for a moment without network."""

from typing import Any

from django.templatetags.static import static

_SHELL = (
    "web/tokens.css",
    "web/components.css",
    "web/forms.css",
    "web/lists.css",
    "web/shell.css",
    "web/pages.css",
    "web/door.css",
    "web/icons.svg",
    "web/icon.svg",
    "web/app.js",
    "web/keys.js",
    "web/live.js",
    "web/offline.js",
    "web/times.js",
    "web/toast.js",
    "notifications/push.js",
    "django_htmx/htmx-2.min.js",
)
_NIGHT = "#0d0f1a"


def manifest() -> dict[str, Any]:
    """The web app manifest; colours are those of the dark theme, the one a splash is seen in."""
    return {
        "id": "/",
        "name": "Evenfall",
        "short_name": "Evenfall",
        "description": "Who is on call, what is open, and one tap to answer.",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": _NIGHT,
        "theme_color": _NIGHT,
        "icons": [
            _icon("icon-192.png", "192x192", "any"),
            _icon("icon-512.png", "512x512", "any"),
            _icon("icon-maskable-512.png", "512x512", "maskable"),
            _icon("icon.svg", "any", "any"),
        ],
        "shortcuts": [
            {"name": "Open incidents", "url": "/incidents/"},
            {"name": "On call now", "url": "/oncall/"},
        ],
    }


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": static(f"web/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}


def offline_files() -> list[str]:
    """Addresses the service worker keeps, each with its content hash when collected."""
    return ["/offline", *(static(name) for name in _SHELL)]


def worker() -> dict[str, Any]:
    """What the service worker's code is filled with."""
    return {
        "files": offline_files(),
        "icon": static("web/icon-192.png"),
        "badge": static("web/badge-96.png"),
    }
