"""What can go wrong with runbooks. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class RunbookNotFound(NotFound):
    """There is no runbook {runbook}. Look for it in the list."""

    code = "runbooks.runbook_not_found"


class VersionNotFound(NotFound):
    """The runbook has no version {number}."""

    code = "runbooks.version_not_found"


class LinkNotFound(NotFound):
    """The runbook has no such link. Reload the page."""

    code = "runbooks.link_not_found"


class TaskNotFound(NotFound):
    """This task is not in the runbook any more. Reload the page."""

    code = "runbooks.task_not_found"


class UseNotFound(NotFound):
    """There is no such report of a missing runbook. Reload the page."""

    code = "runbooks.use_not_found"


class FolderNotFound(NotFound):
    """There is no upload {upload_id}. Upload the folder again."""

    code = "runbooks.upload_not_found"


class FolderDone(Conflict):
    """This upload was imported already. Upload the folder again to compare it anew."""

    code = "runbooks.upload_done"


class EditedMeanwhile(Conflict):
    """Somebody saved version {current} while you edited version {base}. Look at both texts, put
    them together and save again on version {current}.
    """

    code = "runbooks.edited_meanwhile"


class RunbookArchived(Conflict):
    """This runbook is archived. Restore it first."""

    code = "runbooks.archived"


class RunbookUnclear(Invalid):
    """{reason}"""

    code = "runbooks.unclear"


class FolderUnreadable(Invalid):
    """{where}: {why}"""

    code = "runbooks.folder_unreadable"
