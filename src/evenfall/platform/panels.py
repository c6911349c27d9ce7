"""Cards that upper domains add to the page of a lower one, which knows nothing of them."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field


class Panel(Struct, frozen=True, kw_only=True):
    """A card at the side of a page. `template` reads `panel`, which is the context."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


class Panels[**About]:
    """The panels of one kind of page. `About` is what each is told: the subject, who looks, …."""

    def __init__(self) -> None:
        self._readers: dict[str, Callable[About, Panel | None]] = {}

    def register(self, name: str, read: Callable[About, Panel | None]) -> None:
        """Show what `read` returns; None shows nothing. The same name again takes its place."""
        self._readers[name] = read

    def read(self, *about: About.args, **more: About.kwargs) -> list[Panel]:
        """The panels of a subject, in the order registered."""
        found = (read(*about, **more) for read in self._readers.values())
        return [panel for panel in found if panel is not None]
