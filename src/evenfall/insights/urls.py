"""The addresses of measurements."""

from django.urls import path

from evenfall.insights.views import delivery, noise, proposals

app_name = "insights"
urlpatterns = [
    path("insights/delivery/", delivery.whole, name="delivery"),
    path("insights/delivery.csv", delivery.export, name="delivery_csv"),
    path("insights/delivery/teams/<slug:slug>/", delivery.of_team, name="delivery_of_team"),
    path(
        "insights/delivery/services/<slug:slug>/", delivery.of_service, name="delivery_of_service"
    ),
    path("insights/noise/", noise.whole, name="noise"),
    path("insights/noise.csv", noise.export, name="noise_csv"),
    path("insights/noise/mine/", noise.own, name="noise_mine"),
    path("insights/noise/pages/", noise.behind, name="noise_pages"),
    path("insights/noise/teams/<slug:slug>/", noise.of_team, name="noise_of_team"),
    path("insights/noise/services/<slug:slug>/", noise.of_service, name="noise_of_service"),
    path("insights/proposals/", proposals.proposal_list, name="proposals"),
    path("insights/proposals/look/", proposals.look, name="look"),
    path("insights/proposals/<int:noise_id>/", proposals.proposal, name="proposal"),
    path("insights/proposals/<int:noise_id>/apply/", proposals.apply, name="apply"),
    path("insights/proposals/<int:noise_id>/replay/", proposals.replay, name="replay"),
    path("insights/proposals/<int:noise_id>/undo/", proposals.undo, name="undo"),
    path("insights/proposals/<int:noise_id>/dismiss/", proposals.dismiss, name="dismiss"),
    path("insights/proposals/<int:noise_id>/reopen/", proposals.reopen, name="reopen"),
]
