"""What can go wrong with runbooks. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


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


class RepositoryNotFound(NotFound):
    """There is no repository {repository_id}. Look at the list of repositories."""

    code = "runbooks.repository_not_found"


class RepositoryUnclear(Invalid):
    """{reason}"""

    code = "runbooks.repository_unclear"


class RepositoryUnreadable(DomainError):
    """{reason}"""

    code = "runbooks.repository_unreadable"
    status = 502


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


class StepNotFound(NotFound):
    """The runbook has no step {step}. Reload the page."""

    code = "runbooks.step_not_found"


class ParameterNotFound(NotFound):
    """The runbook has no parameter {parameter}. Reload the page."""

    code = "runbooks.parameter_not_found"


class RunnerNotFound(NotFound):
    """There is no runner {runner}. Look at the list of runners."""

    code = "runbooks.runner_not_found"


class RunnerUnclear(Invalid):
    """{reason}"""

    code = "runbooks.runner_unclear"


class WorkNotFound(NotFound):
    """This runner was not given any work {work_id}."""

    code = "runbooks.work_not_found"


class RunNotFound(NotFound):
    """There is no run {run_id}. Look for it in the list of runs."""

    code = "runbooks.run_not_found"


class NothingToRun(Conflict):
    """This runbook has no such steps to run. Add a step first."""

    code = "runbooks.nothing_to_run"


class KindUnknown(Conflict):
    """The step {step} is of the kind {kind}, which this installation does not offer."""

    code = "runbooks.kind_unknown"


class TargetBusy(Conflict):
    """Run {run_id} is acting on {target}. Wait until it has ended."""

    code = "runbooks.target_busy"


class TooSoon(Conflict):
    """{step} may not run now. {reason} It may run again at {until} (UTC)."""

    code = "runbooks.too_soon"


class StepsStopped(Conflict):
    """All steps are stopped in this installation. A manager can allow them again."""

    code = "runbooks.steps_stopped"


class NotWaiting(Conflict):
    """This step waits for no approval any more. Reload the page."""

    code = "runbooks.not_waiting"


class OwnApproval(Forbidden):
    """Who asks for a step may not approve it. Ask somebody else."""

    code = "runbooks.own_approval"


class RunEnded(Conflict):
    """This run has ended already. Reload the page."""

    code = "runbooks.run_ended"


class NothingToUndo(Conflict):
    """This run did nothing that can be undone now. Look at its log."""

    code = "runbooks.nothing_to_undo"


class StepUnclear(Invalid):
    """{reason}"""

    code = "runbooks.step_unclear"
