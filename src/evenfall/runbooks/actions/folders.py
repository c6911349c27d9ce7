"""Importing a folder of Markdown files and keeping in step with it."""

from datetime import datetime

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Viewer
from evenfall.runbooks import errors
from evenfall.runbooks.actions.importing import Course, carry_out
from evenfall.runbooks.logic import documents
from evenfall.runbooks.models import Folder, Repository, Source
from evenfall.runbooks.queries.folders import planned


@transaction.atomic
def receive_folder(*, name: str, team_id: int, body: bytes, now: datetime, actor: str) -> int:
    """Read a zip of Markdown files; return the id of the upload. No runbook changes yet.

    The same name again is the same folder, seen later. Raises `FolderUnreadable` with the path,
    `RunbookUnclear` where another team has a folder of this name, `TeamNotFound`.
    """
    name = " ".join(name.replace("\0", "").split())[:120]
    if not name:
        raise errors.RunbookUnclear(field="name", reason="Give the folder a name.")
    identity_queries.team(team_id)
    try:
        read = documents.unpack(body)
    except documents.UnreadableFolder as error:
        raise errors.FolderUnreadable(where=error.where, why=error.why, field="file") from error
    source, _ = Source.objects.get_or_create(
        name=name, defaults={"owner_team_id": team_id, "created_at": now}
    )
    if Repository.objects.filter(source=source).exists():
        reason = "A Git repository has this name. Choose another one."
        raise errors.RunbookUnclear(field="name", reason=reason)
    if source.owner_team_id != team_id:
        reason = "Another team has a folder of this name. Choose that team or another name."
        raise errors.RunbookUnclear(field="name", reason=reason)
    # an upload that nobody imported is forgotten with the next one
    Folder.objects.filter(source=source, imported_at=None).delete()
    row = Folder.objects.create(
        source=source, documents=documents.to_json(read), uploaded_by=actor, uploaded_at=now
    )
    return row.pk


@transaction.atomic
def import_folder(*, folder_id: int, viewer: Viewer, archives: bool, now: datetime) -> None:
    """Do what the report of this upload says; it is worked out anew, for things may have changed.

    With `archives` runbooks that are not in the folder any more are archived. An owner that a
    file names is taken where the viewer may write for that owner. Raises `FolderNotFound`,
    `FolderDone`.
    """
    row = Folder.objects.select_for_update().filter(id=folder_id).first()
    if row is None:
        raise errors.FolderNotFound(upload_id=folder_id)
    if row.imported_at is not None:
        raise errors.FolderDone
    # two imports of one folder go one after the other
    source = Source.objects.select_for_update().get(id=row.source_id)
    course = Course(source=source, rights=viewer, actor=viewer.actor, archives=archives, now=now)
    row.report = carry_out(planned(row), course)
    row.documents, row.imported_at = None, now
    row.save(update_fields=["report", "documents", "imported_at"])
