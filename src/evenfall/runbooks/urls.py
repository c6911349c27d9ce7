"""The addresses of runbooks."""

from django.urls import path

from evenfall.runbooks.views import editing, folders, reading, using

app_name = "runbooks"
_ALL = "runbooks/"
_ONE = f"{_ALL}<slug:runbook>/"
_FOLDER = f"{_ALL}import/<int:folder_id>/"
urlpatterns = [
    path(_ALL, reading.runbook_list, name="list"),
    # the words below stand before the slugs: see writing.RESERVED
    path(f"{_ALL}export.zip", reading.export, name="export"),
    path(f"{_ALL}new/", editing.new, name="new"),
    path(f"{_ALL}preview/", editing.preview, name="preview"),
    path(f"{_ALL}missing/", using.missing, name="missing"),
    path(f"{_ALL}missing/report/", using.report, name="report_missing"),
    path(f"{_ALL}missing/<int:use_id>/settle/", using.settle, name="settle_missing"),
    path(f"{_ALL}import/", folders.upload, name="import"),
    path(_FOLDER, folders.folder, name="folder"),
    path(f"{_FOLDER}run/", folders.run, name="run_import"),
    path(_ONE, reading.runbook, name="runbook"),
    path(f"{_ONE}edit/", editing.edit, name="edit"),
    path(f"{_ONE}links/", editing.links, name="links"),
    path(f"{_ONE}versions/", reading.history, name="history"),
    path(f"{_ONE}versions/<int:number>/", reading.version, name="version"),
    path(f"{_ONE}archive/", editing.archive, name="archive"),
    path(f"{_ONE}restore/", editing.restore, name="restore"),
    path(f"{_ONE}use/", using.use, name="use"),
]
