"""The addresses of rollouts."""

from django.urls import path

from evenfall.rollouts.views import analyses

app_name = "rollouts"
urlpatterns = [
    path("rollouts/<int:rollout_id>/analysis/", analyses.of_rollout, name="analysis"),
    path("rollouts/targets/<int:target_id>/analysis/", analyses.of_target, name="target_analysis"),
    path(
        "rollouts/targets/<int:target_id>/analysis/metric/", analyses.metric, name="analysis_metric"
    ),
    path(
        "rollouts/targets/<int:target_id>/analysis/remove/",
        analyses.remove_metric,
        name="analysis_remove_metric",
    ),
]
