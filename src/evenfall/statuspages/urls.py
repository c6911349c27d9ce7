from django.urls import URLPattern

app_name = "statuspages"
urlpatterns: list[URLPattern] = []
