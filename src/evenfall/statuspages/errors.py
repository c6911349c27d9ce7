"""What can go wrong with status pages. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class StatusPageNotFound(NotFound):
    """There is no status page here, or you may not see it. Check the address."""

    code = "statuspages.page_not_found"


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
