"""Registers the domain with Django."""

from django.apps import AppConfig


class PagingConfig(AppConfig):
    name = "evenfall.paging"
    label = "paging"
    verbose_name = "Paging"
