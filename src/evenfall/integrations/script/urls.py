"""Where runners ask for work and bring results."""

from django.urls import URLPattern, path

from evenfall.integrations.script import views

app_name = "script"
urlpatterns: list[URLPattern] = [
    path("runner/work/", views.work, name="work"),
    path("runner/results/<int:runner_work_id>/", views.result, name="result"),
]
