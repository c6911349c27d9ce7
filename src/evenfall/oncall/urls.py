from django.urls import path

from evenfall.oncall.views import now, overrides, rotas

app_name = "oncall"
urlpatterns = [
    path("oncall/", now.on_call_now, name="now"),
    path("rotas/", rotas.rota_list, name="rotas"),
    path("rotas/new/", rotas.new_rota, name="new_rota"),
    path("rotas/<int:rota_id>/", rotas.rota, name="rota"),
    path("rotas/<int:rota_id>/edit/", rotas.edit_rota, name="edit_rota"),
    path("rotas/<int:rota_id>/delete/", rotas.delete_rota, name="delete_rota"),
    path("rotas/<int:rota_id>/take/", overrides.take, name="take"),
    path("rotas/<int:rota_id>/overrides/new/", overrides.new_override, name="new_override"),
    path(
        "rotas/<int:rota_id>/overrides/<int:override_id>/cancel/",
        overrides.cancel,
        name="cancel_override",
    ),
]
