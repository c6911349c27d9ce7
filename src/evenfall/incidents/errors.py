"""What can go wrong with incidents. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Forbidden, Invalid, NotFound


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


class ReasonMissing(Invalid):
    """Say why in a few words; whoever reads it tomorrow was not there."""

    code = "incidents.reason_missing"


class ReasonTooLong(Invalid):
    """A reason may have {most} characters. Put the rest into a note."""

    code = "incidents.reason_too_long"


class PauseNotPossible(Invalid):
    """A pause ends some time in the next {days} days. Choose a time in between."""

    code = "incidents.pause_not_possible"


class StampRefused(Invalid):
    """“{stamp}” cannot be set to that: {reason}."""

    code = "incidents.stamp_refused"


class StampMissing(Invalid):
    """Choose which time to correct."""

    code = "incidents.stamp_missing"


class CannotRecur(Conflict):
    """Incident {incident_id} cannot be a recurrence of {of_id}: {reason}."""

    code = "incidents.cannot_recur"


class TitleMissing(Invalid):
    """An incident needs a title. Say in a few words what is wrong."""

    code = "incidents.title_missing"


class NobodyNamed(Invalid):
    """Choose at least one person who may see it."""

    code = "incidents.nobody_named"


class SeverityTooHigh(Invalid):
    """In {environment} an incident is {most} at worst: no customer works there."""

    code = "incidents.severity_too_high"


class NoVerdict(NotFound):
    """Nobody said anything about change {change_id} in incident {incident_id}."""

    code = "incidents.no_verdict"


class NoteEmpty(Invalid):
    """The note is empty. Write something down first."""

    code = "incidents.note_empty"


class NoteTooLong(Invalid):
    """A note may have {most} characters. Split it, or link to a document."""

    code = "incidents.note_too_long"


class NoteAhead(Invalid):
    """That is later than now. Give the time when it happened."""

    code = "incidents.note_ahead"


class NoteNotFound(NotFound):
    """Incident {incident_id} has no note {note_id}. Look at its timeline."""

    code = "incidents.note_not_found"


class NoteStruckOut(Conflict):
    """Note {note_id} is struck out. Let it stand again first."""

    code = "incidents.note_struck_out"


class NotAnImage(Invalid):
    """“{name}” is not an image we can keep. Attach PNG, JPEG, WebP or GIF."""

    code = "incidents.not_an_image"


class ImageTooLarge(Invalid):
    """“{name}” is too large. An image may have {most} MB; make it smaller first."""

    code = "incidents.image_too_large"


class TooManyImages(Invalid):
    """An incident keeps {most} images and has {kept} already. Link to a folder with the others."""

    code = "incidents.too_many_images"


class ImageNotFound(NotFound):
    """Incident {incident_id} has no image {image_id}. Look at its timeline."""

    code = "incidents.image_not_found"


class EntryNotFound(NotFound):
    """The timeline of incident {incident_id} has no entry “{entry}”. Load it again."""

    code = "incidents.entry_not_found"


class RemarkTooLong(Invalid):
    """A remark may have {most} characters. Write a note for more."""

    code = "incidents.remark_too_long"


class NobodyToPage(Invalid):
    """Name at least one person, a team or a policy to page."""

    code = "incidents.nobody_to_page"


class MergeTargetMissing(Invalid):
    """Give the number of the incident to merge into, such as 17."""

    code = "incidents.merge_target_missing"


class NoSuccessor(Conflict):
    """Incident {incident_id} would have no commander: there is no deputy, and no lieutenant is
    on call. Name who takes over.
    """

    code = "incidents.no_successor"


class NotInRole(Conflict):
    """{name} is not {role} of incident {incident_id}. Look at who has the role now."""

    code = "incidents.not_in_role"


class RoleUnknown(Invalid):
    """There is no such role. Choose one of those offered."""

    code = "incidents.role_unknown"


class PersonNotActive(Invalid):
    """{name} has left and cannot take anything over. Choose somebody else."""

    code = "incidents.person_not_active"


class NextStepsTooLong(Invalid):
    """What comes next may have {most} characters. Put the rest into a note."""

    code = "incidents.next_steps_too_long"


class NobodyTold(Invalid):
    """Choose at least one audience to tell: public, staff or executives."""

    code = "incidents.nobody_told"


class UpdateEmpty(Invalid):
    """Write what people should know. One draft is enough for all of them."""

    code = "incidents.update_empty"


class UpdateTooLong(Invalid):
    """An update may have {most} characters. Say what matters now, the rest belongs in a note."""

    code = "incidents.update_too_long"


class NextUpdateNotPossible(Invalid):
    """The next update comes some time in the next {days} days. Choose a time in between."""

    code = "incidents.next_update_not_possible"


class UpdateOverdue(Conflict):
    """The update for {audience} is due already. Tell them first; then name the next time."""

    code = "incidents.update_overdue"


class NotLongYet(Conflict):
    """An incident takes long after {hours} hours. Until then people are told as the table says."""

    code = "incidents.not_long_yet"


class UpdateNotFound(NotFound):
    """Incident {incident_id} has no update {update_id}. Look at what people were told."""

    code = "incidents.update_not_found"


class HandoverNotFound(NotFound):
    """Incident {incident_id} has no hand-over {handover_id}. Look at its roles."""

    code = "incidents.handover_not_found"


class HandoverNotYours(Conflict):
    """Only the one who takes over can say that the hand-over was read: {name}."""

    code = "incidents.handover_not_yours"


class TaskNotFound(NotFound):
    """Incident {incident_id} has no task {task_id}. Look at its tasks."""

    code = "incidents.task_not_found"


class TaskTitleMissing(Invalid):
    """A task needs a title. Say in a few words what is to be done."""

    code = "incidents.task_title_missing"


class TaskReasonMissing(Invalid):
    """Say why the task will not be done, so that nobody asks again."""

    code = "incidents.task_reason_missing"


class TaskClosed(Conflict):
    """Task {task_id} is {state} already. Open it again first."""

    code = "incidents.task_closed"


class TooManyTasks(Conflict):
    """Incident {incident_id} has {most} open tasks. Finish or drop some before you add more."""

    code = "incidents.too_many_tasks"


class ListenerNotFound(NotFound):
    """There is no entry {listener_id} in the table of who hears what. It may be gone already."""

    code = "incidents.listener_not_found"


class ListenerThere(Conflict):
    """This is in the table already. Look for it there."""

    code = "incidents.listener_there"


class ListenerUnclear(Invalid):
    """Choose who: either one person or one team."""

    code = "incidents.listener_unclear"


class ProposedNotFound(NotFound):
    """No update {proposed_id} of incident {incident_id} waits. Look at what people were told."""

    code = "incidents.proposed_not_found"


class ProposedSettled(Conflict):
    """Somebody was faster: this text is {how}. Load the page again."""

    code = "incidents.proposed_settled"


class NotYoursToApprove(Forbidden):
    """Who commands decides about it, the deputy or an administrator; nobody about their own."""

    code = "incidents.not_yours_to_approve"
