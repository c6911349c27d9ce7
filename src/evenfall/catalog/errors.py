"""What can go wrong in the catalog. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class ServiceNotFound(NotFound):
    """There is no service {service}. Look at the list of services."""

    code = "catalog.service_not_found"


class SlugTaken(Conflict):
    """There is already a service called {slug}, perhaps an archived one. Choose another slug."""

    code = "catalog.slug_taken"


class SlugNotValid(Invalid):
    """A slug has letters, digits and hyphens only, at most 80: {slug} will not do."""

    code = "catalog.slug_not_valid"


class TierOutOfRange(Invalid):
    """A support tier is 1, 2, 3 or 4, not {tier}."""

    code = "catalog.tier_out_of_range"


class EnvironmentMissing(Invalid):
    """A service runs in at least one of PROD, UAT and DEV."""

    code = "catalog.environment_missing"


class LinkNotValid(Invalid):
    """{url} is not a web address. It starts with http:// or https://."""

    code = "catalog.link_not_valid"


class DependsOnItself(Invalid):
    """{service} would depend on itself: {path}. Remove one of these dependencies first."""

    code = "catalog.depends_on_itself"


class DependencyNotFound(NotFound):
    """{service} does not depend on that service. Reload the page."""

    code = "catalog.dependency_not_found"


class NameMissing(Invalid):
    """A service needs a name."""

    code = "catalog.name_missing"


class UnknownCriticality(Invalid):
    """{criticality} is not a criticality. Use one of: {known}."""

    code = "catalog.unknown_criticality"


class UnknownDependencyKind(Invalid):
    """{kind} is not a kind of dependency. Use one of: {known}."""

    code = "catalog.unknown_dependency_kind"
