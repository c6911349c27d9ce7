"""Everything that changes the catalog: one keyword-only function for each use case."""

from evenfall.catalog.actions.dependencies import (
    Need,
    change_dependencies,
    remove_dependency,
    set_dependency,
)
from evenfall.catalog.actions.services import (
    NewService,
    ServiceFields,
    archive_service,
    archive_services,
    change_service,
    change_services,
    create_service,
    create_services,
    give_service,
    restore_service,
    restore_services,
)

__all__ = [
    "Need",
    "NewService",
    "ServiceFields",
    "archive_service",
    "archive_services",
    "change_dependencies",
    "change_service",
    "change_services",
    "create_service",
    "create_services",
    "give_service",
    "remove_dependency",
    "restore_service",
    "restore_services",
    "set_dependency",
]
