"""The addresses of objectives."""

from django.urls import path

from evenfall.slo.views import acting, editing, listing, objective, openslo, reviewing, signed

app_name = "slo"
urlpatterns = [
    path("objectives/", listing.objective_list, name="objectives"),
    path("objectives/new/", editing.new, name="new"),
    path("objectives/import/", openslo.import_openslo, name="import"),
    path("objectives/export/", openslo.export_openslo, name="export"),
    path("objectives/exceptions/", reviewing.exception_list, name="exceptions"),
    path("objectives/services/<slug:slug>/", listing.of_service, name="of_service"),
    path("objectives/teams/<int:team_id>/", listing.of_team, name="of_team"),
    path("objectives/pictures/<str:token>.svg", signed.budget_picture, name="picture"),
    path("objectives/<int:objective_id>/", objective.one, name="objective"),
    path("objectives/<int:objective_id>/pictures/", objective.pictures, name="pictures"),
    path("objectives/<int:objective_id>/burns/", objective.burns, name="burns"),
    path("objectives/<int:objective_id>/days/", objective.days, name="days"),
    path("objectives/<int:objective_id>/causes/", objective.causes, name="causes"),
    path("objectives/<int:objective_id>/counts.csv", objective.counts, name="counts"),
    path("objectives/<int:objective_id>/edit/", editing.edit, name="edit"),
    path("objectives/<int:objective_id>/act/", acting.act, name="act"),
    path("objectives/<int:objective_id>/exceptions/", acting.ask, name="ask"),
]
