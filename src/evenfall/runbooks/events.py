"""Facts of runbooks. `before` and `after` hold what changed, never the whole text."""

from typing import Any, ClassVar, TypedDict, override

from msgspec import field

from evenfall.platform.events import Event


class _AboutRunbook(Event, frozen=True, kw_only=True):
    runbook_id: int
    title: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"runbook:{self.runbook_id}", "runbooks")


class RunbookSaved(_AboutRunbook, frozen=True, kw_only=True):
    """There is a new version; the first one has number 1."""

    kind = "runbooks.runbook_saved"
    number: int
    summary: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


class RunbookArchived(_AboutRunbook, frozen=True, kw_only=True):
    """The runbook is gone from lists and incidents; its versions stay."""

    kind = "runbooks.runbook_archived"


class RunbookRestored(_AboutRunbook, frozen=True, kw_only=True):
    """An archived runbook is back."""

    kind = "runbooks.runbook_restored"


class LinksChanged(_AboutRunbook, frozen=True, kw_only=True):
    """The runbook is for other services or alerts now."""

    kind = "runbooks.links_changed"
    before: dict[str, Any]
    after: dict[str, Any]


class _InUse(_AboutRunbook, frozen=True, kw_only=True):
    """`subject` is where it was used, such as "incident:17"; empty when nowhere in particular."""

    subject: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        where = (self.subject,) if self.subject else ()
        return (*where, f"runbook:{self.runbook_id}", "runbooks")


class RunbookUsed(_InUse, frozen=True, kw_only=True):
    """Somebody says that it helped (`outcome` "helped") or what is wrong in it ("wrong")."""

    kind = "runbooks.runbook_used"
    outcome: str
    text: str


class TaskTicked(_InUse, frozen=True, kw_only=True):
    """A task of the check list was done; `done` of `total` are now."""

    kind = "runbooks.task_ticked"
    task: str
    done: int
    total: int


class TaskUnticked(_InUse, frozen=True, kw_only=True):
    """A tick was taken back."""

    kind = "runbooks.task_unticked"
    task: str
    done: int
    total: int


class RunbookMissing(Event, frozen=True, kw_only=True):
    """Somebody looked for a runbook that nobody wrote yet."""

    kind = "runbooks.runbook_missing"
    use_id: int
    text: str
    service_id: int | None
    subject: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        about = () if self.service_id is None else (f"service:{self.service_id}",)
        where = (self.subject,) if self.subject else ()
        return (*where, *about, "runbooks")


class MissingSettled(Event, frozen=True, kw_only=True):
    """A missing runbook was written, or is not wanted any more."""

    kind = "runbooks.missing_settled"
    use_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("runbooks",)


class FolderImported(Event, frozen=True, kw_only=True):
    """A folder was imported, or the `commit` of a repository; the counts are of runbooks."""

    kind = "runbooks.folder_imported"
    source_id: int
    name: str
    added: int
    changed: int
    unchanged: int
    archived: int
    clashes: int
    commit: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("runbooks",)


class _AboutRepository(Event, frozen=True, kw_only=True):
    repository_id: int
    name: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("runbooks",)


class RepositoryChanged(_AboutRepository, frozen=True, kw_only=True):
    """A Git repository was connected, its settings changed, or it was removed. No token is in it.

    `before` is empty for a new one, `after` for one that was removed.
    """

    kind = "runbooks.repository_changed"
    before: dict[str, Any]
    after: dict[str, Any]


class RepositoryFailing(_AboutRepository, frozen=True, kw_only=True):
    """A Git repository could not be fetched several times in a row; its team was told."""

    kind = "runbooks.repository_failing"
    failures: int
    error: str


class StepsChanged(_AboutRunbook, frozen=True, kw_only=True):
    """A step or a parameter was added, changed or removed. Secrets are never in it."""

    kind = "runbooks.steps_changed"
    name: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


class RunFields(TypedDict):
    """What all facts of a run share."""

    run_id: int
    runbook_id: int
    title: str
    subject: str
    is_dry: bool
    is_automatic: bool


class StepFields(RunFields):
    """What all facts of a step share."""

    step: str
    target: str


class _AboutRun(Event, frozen=True, kw_only=True):
    """`subject` is what it is for, such as "incident:17"; empty when nothing in particular.

    `settles`: such a fact may change what waits for somebody's approval.
    """

    settles: ClassVar[bool] = False
    run_id: int
    runbook_id: int
    title: str
    subject: str = ""
    is_dry: bool = False
    is_automatic: bool = False

    @override
    def subjects(self) -> tuple[str, ...]:
        # a trial changes nothing: it does not stand in the story of the incident
        where = (self.subject,) if self.subject and not self.is_dry else ()
        waits = ("approvals",) if self.settles else ()
        return (*where, f"run:{self.run_id}", f"runbook:{self.runbook_id}", "runs", *waits)


class RunStarted(_AboutRun, frozen=True, kw_only=True):
    """Steps of a runbook were asked for; `steps` are their titles."""

    kind = "runbooks.run_started"
    steps: str


class _AboutStep(_AboutRun, frozen=True, kw_only=True):
    step: str
    target: str = ""


class ApprovalWanted(_AboutStep, frozen=True, kw_only=True):
    """A run waits until a second person approves the step."""

    kind = "runbooks.approval_wanted"
    settles = True


class StepApproved(_AboutStep, frozen=True, kw_only=True):
    """Somebody approved a step that another one, or the system, asked for."""

    kind = "runbooks.step_approved"
    settles = True


class StepStarted(_AboutStep, frozen=True, kw_only=True):
    """It acts now."""

    kind = "runbooks.step_started"


class StepTested(_AboutStep, frozen=True, kw_only=True):
    """It acted, and its success test did not hold yet; it is asked again."""

    kind = "runbooks.step_tested"
    log: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        # asked every few seconds: for the page of the run, not for the story of the incident
        return (f"run:{self.run_id}",)


class StepFinished(_AboutStep, frozen=True, kw_only=True):
    """`outcome` is ok, failed, skipped, undone or unknown; `log` what it said, without secrets."""

    kind = "runbooks.step_finished"
    outcome: str
    log: str = ""


class RunFinished(_AboutRun, frozen=True, kw_only=True):
    """`outcome` is ok, failed, undone or unknown. A run that went well and is undone later ends
    twice.
    """

    kind = "runbooks.run_finished"
    settles = True
    outcome: str
    why: str = ""


class StopAsked(_AboutRun, frozen=True, kw_only=True):
    """No further step of a run shall start; or an approval was refused."""

    kind = "runbooks.stop_asked"
    settles = True
    why: str = ""


class UndoAsked(_AboutRun, frozen=True, kw_only=True):
    """What a run did shall be taken back."""

    kind = "runbooks.undo_asked"
    why: str = ""


class StepsStopped(Event, frozen=True, kw_only=True):
    """Nothing acts any more, in the whole installation, until somebody allows it again."""

    kind = "runbooks.steps_stopped"
    why: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("runs",)


class StepsAllowed(Event, frozen=True, kw_only=True):
    """Steps may act again."""

    kind = "runbooks.steps_allowed"

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("runs",)


class _AboutRunner(Event, frozen=True, kw_only=True):
    runner_id: int
    name: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"runner:{self.runner_id}", "runners")


class RunnerAdded(_AboutRunner, frozen=True, kw_only=True):
    """Somebody made a runner, and got its token."""

    kind = "runbooks.runner_added"


class RunnerRevoked(_AboutRunner, frozen=True, kw_only=True):
    """Its token is worth nothing any more."""

    kind = "runbooks.runner_revoked"
