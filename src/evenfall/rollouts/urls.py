"""The addresses of rollouts."""

from django.urls import path

from evenfall.rollouts.views import analyses, leading, targets

app_name = "rollouts"
_ALL = "rollouts/"
_ONE = f"{_ALL}<int:rollout_id>/"
_PLACES = f"{_ALL}places/"
_PLACE = f"{_PLACES}<int:target_id>/"
urlpatterns = [
    path(_ALL, leading.rollout_list, name="list"),
    path(_ONE, leading.one_rollout, name="rollout"),
    path(f"{_ONE}lead/", leading.lead, name="lead"),
    path(f"{_ONE}analysis/", analyses.of_rollout, name="analysis"),
    path(_PLACES, targets.target_list, name="targets"),
    path(f"{_PLACES}new/", targets.choose_kinds, name="choose_kinds"),
    path(f"{_PLACES}new/<slug:traffic>/<slug:deploy>/", targets.new_target, name="new_target"),
    path(_PLACE, targets.edit_target, name="target"),
    path(f"{_PLACE}start/", leading.start, name="start"),
    path(f"{_PLACE}remove/", targets.remove_target, name="remove_target"),
    path(f"{_PLACE}analysis/", analyses.of_target, name="target_analysis"),
    path(f"{_PLACE}analysis/metric/", analyses.metric, name="analysis_metric"),
    path(f"{_PLACE}analysis/remove/", analyses.remove_metric, name="analysis_remove_metric"),
]
