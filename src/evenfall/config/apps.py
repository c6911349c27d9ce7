from typing import override

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "evenfall.config"
    label = "config"

    @override
    def ready(self) -> None:
        # every domain is loaded now, and only now
        from evenfall.config.subscriptions import SUBSCRIPTIONS  # noqa: PLC0415
        from evenfall.platform import events  # noqa: PLC0415

        events.subscribe(SUBSCRIPTIONS)
