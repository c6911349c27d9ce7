"""The addresses of runbooks."""

from django.urls import path

from evenfall.runbooks.views import (
    editing,
    folders,
    reading,
    repositories,
    runners,
    runs,
    steps,
    using,
)

app_name = "runbooks"
_ALL = "runbooks/"
_ONE = f"{_ALL}<slug:runbook>/"
_FOLDER = f"{_ALL}import/<int:folder_id>/"
_REPOSITORIES = f"{_ALL}import/git/"
_REPOSITORY = f"{_REPOSITORIES}<int:repository_id>/"
_STEPS = f"{_ONE}steps/"
_STEP = f"{_STEPS}<slug:step>/"
_PARAMETERS = f"{_ONE}parameters/"
_PARAMETER = f"{_PARAMETERS}<slug:parameter>/"
_RUNS = "runs/"
_RUN = f"{_RUNS}<int:run_id>/"
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
    path(_REPOSITORIES, repositories.repository_list, name="repositories"),
    path(f"{_REPOSITORIES}new/", repositories.new_repository, name="new_repository"),
    path(_REPOSITORY, repositories.repository, name="repository"),
    path(f"{_REPOSITORY}fetch/", repositories.fetch_repository, name="fetch_repository"),
    path(f"{_REPOSITORY}remove/", repositories.remove_repository, name="remove_repository"),
    path(_ONE, reading.runbook, name="runbook"),
    path(f"{_ONE}edit/", editing.edit, name="edit"),
    path(f"{_ONE}links/", editing.links, name="links"),
    path(f"{_ONE}versions/", reading.history, name="history"),
    path(f"{_ONE}versions/<int:number>/", reading.version, name="version"),
    path(f"{_ONE}archive/", editing.archive, name="archive"),
    path(f"{_ONE}restore/", editing.restore, name="restore"),
    path(f"{_ONE}use/", using.use, name="use"),
    path(_STEPS, steps.step_list, name="steps"),
    path(f"{_STEPS}new/<slug:kind>/", steps.new_step, name="new_step"),
    path(_STEP, steps.edit_step, name="step"),
    path(f"{_STEP}move/", steps.move_step, name="move_step"),
    path(f"{_STEP}remove/", steps.remove_step, name="remove_step"),
    path(f"{_PARAMETERS}new/", steps.new_parameter, name="new_parameter"),
    path(_PARAMETER, steps.edit_parameter, name="parameter"),
    path(f"{_PARAMETER}remove/", steps.remove_parameter, name="remove_parameter"),
    path(f"{_ONE}run/", runs.start, name="start"),
    path("runners/", runners.runner_list, name="runners"),
    path("runners/new/", runners.new_runner, name="new_runner"),
    path("runners/<int:runner_id>/revoke/", runners.revoke_runner, name="revoke_runner"),
    path(_RUNS, runs.run_list, name="runs"),
    path(f"{_RUNS}stop/", runs.stop_all, name="stop_all"),
    path(f"{_RUNS}allow/", runs.allow_all, name="allow_all"),
    path(_RUN, runs.run, name="run"),
    path(f"{_RUN}decide/", runs.decide, name="decide"),
    path(f"{_RUN}for-real/", runs.for_real, name="for_real"),
]
