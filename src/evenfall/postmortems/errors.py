"""What can go wrong with post-mortems. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class PostmortemNotFound(NotFound):
    """There is no post-mortem {postmortem_id}. Look in the library."""

    code = "postmortems.postmortem_not_found"


class SectionNotFound(NotFound):
    """There is no section {section_id}. It may belong to another post-mortem."""

    code = "postmortems.section_not_found"


class ActionNotFound(NotFound):
    """There is no action {action_id}. Look at the list of actions."""

    code = "postmortems.action_not_found"


class TemplateNotFound(NotFound):
    """There is no template {kind}. The templates are full, light, uat and dev."""

    code = "postmortems.template_not_found"


class AlreadyWritten(Conflict):
    """Incident {incident_id} has a post-mortem already: number {postmortem_id}."""

    code = "postmortems.already_written"


class IncidentNotOver(Conflict):
    """Incident {incident_id} is not resolved yet. End it first."""

    code = "postmortems.incident_not_over"


class StepNotPossible(Conflict):
    """That cannot be done with post-mortem {postmortem_id}: {reason}."""

    code = "postmortems.step_not_possible"


class NotEditable(Conflict):
    """Post-mortem {postmortem_id} is {state}. Reopen it to change its text."""

    code = "postmortems.not_editable"


class SectionChanged(Conflict):
    """Somebody saved this section meanwhile: you started from version {version}, now it is at
    {latest}. Put both together, and save with version {latest}.
    """

    code = "postmortems.section_changed"


class MarksLeft(Invalid):
    """The text still has the marks of a merge (<<<<<<< and >>>>>>>). Choose, and remove them."""

    code = "postmortems.marks_left"


class TextTooLong(Invalid):
    """A text may have {most} characters. Link to a document for more."""

    code = "postmortems.text_too_long"


class TextMissing(Invalid):
    """There is nothing to save. Write something down first."""

    code = "postmortems.text_missing"


class TemplateWrong(Invalid):
    """The template cannot be used. {problems}"""

    code = "postmortems.template_wrong"


class OwnerNotActive(Invalid):
    """There is nobody active with this number, so that person cannot be named. Choose another."""

    code = "postmortems.owner_not_active"


class TitleMissing(Invalid):
    """An action needs a title. Begin with a verb whose result can be checked."""

    code = "postmortems.title_missing"


class LinkWrong(Invalid):
    """The link must begin with https:// or http:// and may have 500 characters."""

    code = "postmortems.link_wrong"


class DateWrong(Invalid):
    """The date must be within the next five years."""

    code = "postmortems.date_wrong"


class ActionNotPossible(Conflict):
    """That cannot be done with action {action_id}: {reason}."""

    code = "postmortems.action_not_possible"


class TrackerNotFound(NotFound):
    """There is no issue tracker {tracker_id}. Administrators set them up in the settings."""

    code = "postmortems.tracker_not_found"


class TrackerTypeUnknown(NotFound):
    """There is no kind of tracker “{name}”. Choose one of those that the settings offer."""

    code = "postmortems.tracker_type_unknown"


class TrackerNotUsable(Invalid):
    """The tracker cannot be used like this: {reason}"""

    code = "postmortems.tracker_not_usable"


class TrackerNameTaken(Conflict):
    """There is a tracker called “{name}” already. Choose another name."""

    code = "postmortems.tracker_name_taken"


class TrackerInUse(Conflict):
    """{count} actions are linked to issues there. Switch it off, or unlink them first."""

    code = "postmortems.tracker_in_use"


class IssueAddressWrong(Invalid):
    """This is not the address of an issue of a tracker that is set up here. Copy it from the
    address bar of the issue.
    """

    code = "postmortems.issue_address_wrong"


class IssueTaken(Conflict):
    """The issue {key} stands for action {action_id} already. Unlink it there first."""

    code = "postmortems.issue_taken"


class AlreadyLinked(Conflict):
    """Action {action_id} has an issue already. Unlink it first."""

    code = "postmortems.already_linked"


class NoIssue(NotFound):
    """Action {action_id} has no issue. Create one, or link one by its address."""

    code = "postmortems.no_issue"


class NothingToChoose(Conflict):
    """The action and its issue agree by now; there is nothing to choose."""

    code = "postmortems.nothing_to_choose"


class GuardrailUnknown(Invalid):
    """A guardrail is a gate, slo, alert, experiment or drill. Leave it empty for none."""

    code = "postmortems.guardrail_unknown"


class EffortUnknown(Invalid):
    """The effort is small, medium or large. Leave it empty if nobody knows."""

    code = "postmortems.effort_unknown"


class FactorNotNamed(Invalid):
    """The post-mortem does not name the factor “{name}”. Name it there first, or choose another."""

    code = "postmortems.factor_not_named"


class PdfNotInstalled(Conflict):
    """This installation cannot make PDF files. Install the extra “evenfall[pdf]” and Pango, then
    start it again; Markdown and HTML work without it.
    """

    code = "postmortems.pdf_not_installed"


class CommentNotFound(NotFound):
    """There is no comment {comment_id}. It may belong to another post-mortem."""

    code = "postmortems.comment_not_found"


class PublicationNotFound(NotFound):
    """There is nothing to read at this address, or not any more."""

    code = "postmortems.publication_not_found"


class NotPublished(Conflict):
    """Post-mortem {postmortem_id} is {state}. Publish it inside before the public reads of it."""

    code = "postmortems.not_published"


class AttachmentNotFound(NotFound):
    """There is no attachment {attachment_id}, or it was removed. Look at the post-mortem."""

    code = "postmortems.attachment_not_found"


class FileMissing(Invalid):
    """No file was sent. Choose at least one."""

    code = "postmortems.file_missing"


class FileNotUsable(Invalid):
    """“{name}” is nothing that we keep. Attach PNG, JPEG, WebP or GIF images, PDF files, texts in
    UTF-8 (also CSV, JSON and logs), office documents or ZIP archives.
    """

    code = "postmortems.file_not_usable"


class FileTooLarge(Invalid):
    """“{name}” is too large. A file may have {most} MB; make it smaller, or link to it."""

    code = "postmortems.file_too_large"


class TooManyFiles(Conflict):
    """A post-mortem keeps {most} files and has {kept} already. Remove one, or link to a folder."""

    code = "postmortems.too_many_files"
