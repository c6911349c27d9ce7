from importlib import import_module
from typing import override

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "evenfall.config"
    label = "config"

    @override
    def ready(self) -> None:
        """Put the parts together: every domain is loaded now, and only now."""
        from evenfall.platform import events  # noqa: PLC0415 - see above

        import_module("evenfall.config.bodies").build_when_used()
        import_module("evenfall.config.registries")
        events.subscribe(import_module("evenfall.config.subscriptions").SUBSCRIPTIONS)
