"""The addresses of releases."""

from django.urls import path

from evenfall.releases.views import exceptions, holds, listing, one, stages, trains

app_name = "releases"
_ALL = "releases/"
_ONE = f"{_ALL}<int:release_id>/"
_PASSAGE = "passages/<int:passage_id>/"
_TRAINS = f"{_ALL}trains/"
_TRAIN = f"{_TRAINS}<int:train_id>/"
_WINDOW = f"{_ALL}windows/<int:window_id>/"
_WAY = "services/<slug:slug>/stages/"
urlpatterns = [
    path(_ALL, listing.board, name="board"),
    path(f"{_ALL}new/", listing.new, name="new"),
    path(f"{_ALL}exceptions/", listing.exceptions, name="exceptions"),
    path(f"{_ALL}exceptions/<int:release_exception_id>/", exceptions.decide, name="decide"),
    path(f"{_ALL}stop/", holds.stop, name="stop"),
    path(f"{_ALL}stop/<int:stop_id>/lift/", holds.lift_stop, name="lift_stop"),
    path(f"{_ALL}calendar/", holds.calendar, name="calendar"),
    path(f"{_ALL}windows/new/", holds.window, name="new_window"),
    path(_WINDOW, holds.window, name="window"),
    path(f"{_WINDOW}remove/", holds.remove_window, name="remove_window"),
    path(f"{_ALL}freezes/new/", holds.freeze, name="new_freeze"),
    path(f"{_ALL}freezes/<int:freeze_id>/lift/", holds.lift_freeze, name="lift_freeze"),
    path(f"{_ALL}standard-changes/", holds.standards, name="standards"),
    path(f"{_ALL}standard-changes/new/", holds.standard, name="new_standard"),
    path(
        f"{_ALL}standard-changes/<int:standard_id>/", holds.decide_standard, name="decide_standard"
    ),
    path(f"{_ALL}stages/", stages.stages, name="site_stages"),
    path(f"{_ALL}stages/rearrange/", stages.rearrange, name="rearrange_site"),
    path(f"{_ALL}stages/<int:place>/", stages.stage, name="site_stage"),
    path(_TRAINS, trains.trains, name="trains"),
    path(f"{_TRAINS}new/", trains.edit, name="new_train"),
    path(_TRAIN, trains.train, name="train"),
    path(f"{_TRAIN}edit/", trains.edit, name="edit_train"),
    path(f"{_TRAIN}next/", trains.take_next, name="take_next_train"),
    path(_WAY, stages.stages, name="stages"),
    path(f"{_WAY}rearrange/", stages.rearrange, name="rearrange"),
    path(f"{_WAY}<int:place>/", stages.stage, name="stage"),
    path(_ONE, one.one, name="one"),
    path(f"{_ONE}edit/", listing.edit, name="edit"),
    path(f"{_PASSAGE}steps/", one.step, name="step"),
    path(f"{_PASSAGE}downtime/", one.plan_downtime, name="plan_downtime"),
    path(f"{_PASSAGE}sign-off/", one.sign, name="sign"),
    path(f"{_PASSAGE}checklist/", one.tick, name="tick"),
    path(f"{_PASSAGE}exceptions/", exceptions.ask_exception, name="ask_exception"),
]
