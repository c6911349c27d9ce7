"""What can go wrong with incidents. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class IncidentNotFound(NotFound):
    """There is no incident {incident_id}. Look at the list of incidents."""

    code = "incidents.incident_not_found"


class NotPossible(Conflict):
    """Incident {incident_id} cannot be changed like this: {reason}."""

    code = "incidents.not_possible"


class CannotMerge(Conflict):
    """Incident {incident_id} cannot be merged into {into_id}: {reason}."""

    code = "incidents.cannot_merge"


class GroupTaken(Conflict):
    """The alerts of incident {incident_id} belong to incident {other_id} now. Work on that one."""

    code = "incidents.group_taken"


class TitleMissing(Invalid):
    """An incident needs a title. Say in a few words what is wrong."""

    code = "incidents.title_missing"


class NoteEmpty(Invalid):
    """The note is empty. Write something down first."""

    code = "incidents.note_empty"


class NoteTooLong(Invalid):
    """A note may have {most} characters. Split it, or link to a document."""

    code = "incidents.note_too_long"


class NobodyToPage(Invalid):
    """Name at least one person, a team or a policy to page."""

    code = "incidents.nobody_to_page"


class MergeTargetMissing(Invalid):
    """Give the number of the incident to merge into, such as 17."""

    code = "incidents.merge_target_missing"
