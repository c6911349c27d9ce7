from django.urls import path

from evenfall.importing import views

app_name = "importing"
urlpatterns = [
    path("oncall/import/", views.import_schedules, name="import_schedules"),
    path("oncall/import/<int:upload_id>/", views.upload, name="upload"),
    path("oncall/import/<int:upload_id>/report.json", views.download, name="download"),
    path("oncall/import/<int:upload_id>/run/", views.run, name="run"),
]
