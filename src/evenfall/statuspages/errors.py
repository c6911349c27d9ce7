"""What can go wrong with status pages. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class StatusPageNotFound(NotFound):
    """There is no status page here, or you may not see it. Check the address."""

    code = "statuspages.page_not_found"


class CopyNotFound(NotFound):
    """There is no such copy of this page. Look at the list of copies."""

    code = "statuspages.copy_not_found"


class CopyNotUsable(Invalid):
    """This copy cannot be saved: {reason}"""

    code = "statuspages.copy_not_usable"


class CopyTaken(Conflict):
    """Another copy is kept there already: {place}. Choose another place."""

    code = "statuspages.copy_taken"


class LookNotUsable(Invalid):
    """This look cannot be saved: {reason}"""

    code = "statuspages.look_not_usable"


class DomainTaken(Conflict):
    """Another page already is at {domain}."""

    code = "statuspages.domain_taken"


class LogoNotFound(NotFound):
    """This page has no logo."""

    code = "statuspages.logo_not_found"


class StatusPageNotUsable(Invalid):
    """This page cannot be saved: {reason}"""

    code = "statuspages.page_not_usable"


class StatusPageTaken(Conflict):
    """Another page already has the address {slug}. Choose another one."""

    code = "statuspages.page_taken"


class ComponentNotFound(NotFound):
    """There is no such component on this page. It may be removed; reload."""

    code = "statuspages.component_not_found"


class GroupNotFound(NotFound):
    """There is no such group on this page. It may be removed; reload."""

    code = "statuspages.group_not_found"


class ComponentNotUsable(Invalid):
    """This cannot be saved: {reason}"""

    code = "statuspages.component_not_usable"


class PostNotFound(NotFound):
    """There is no such post on this page. Look at the list of posts."""

    code = "statuspages.post_not_found"


class PostNotUsable(Invalid):
    """This cannot be posted: {reason}"""

    code = "statuspages.post_not_usable"


class PostRetracted(Conflict):
    """This post was retracted. Write a new one."""

    code = "statuspages.post_retracted"


class AlreadyPosted(Conflict):
    """Incident {incident_id} already has a post on this page. Write an update to that one."""

    code = "statuspages.already_posted"


class WorkNotFound(NotFound):
    """There is no such maintenance on this page. Look at the list."""

    code = "statuspages.work_not_found"


class WorkNotUsable(Invalid):
    """This maintenance cannot be saved: {reason}"""

    code = "statuspages.work_not_usable"


class WorkStepNotAllowed(Conflict):
    """A maintenance that is {state} cannot become {wanted}. Reload and look at it."""

    code = "statuspages.work_step_not_allowed"


class SubscriberNotFound(NotFound):
    """There is no such subscription any more. Subscribe again on the status page."""

    code = "statuspages.subscriber_not_found"


class SubscriptionNotUsable(Invalid):
    """This cannot be subscribed: {reason}"""

    code = "statuspages.subscription_not_usable"


class AlreadySubscribed(Conflict):
    """This address is subscribed already. Use the link from then, or ask the page's owner."""

    code = "statuspages.already_subscribed"


class SubscribingClosed(Conflict):
    """This page takes no subscribers. Read its feed instead."""

    code = "statuspages.subscribing_closed"


class PreparedNotFound(NotFound):
    """There is no such prepared post on this page. Look at what waits there."""

    code = "statuspages.prepared_not_found"


class AlreadySettled(Conflict):
    """This prepared post waits for nobody any more. {why}."""

    code = "statuspages.already_settled"
