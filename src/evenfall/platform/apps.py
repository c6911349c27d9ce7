from typing import override

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "evenfall.platform"
    label = "platform"

    @override
    def ready(self) -> None:
        from evenfall.platform import logs, lookups  # noqa: PLC0415 - settings are complete only now

        logs.configure()
        lookups.register()
