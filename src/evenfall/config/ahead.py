"""What each process would work out for itself, worked out once, ahead of the fork.

To work something out is to write to what is loaded, and memory that is written to is not shared
any more. Nothing here asks the database.
"""

from django.apps import apps
from django.db import connection
from django.db.models import Field
from django.db.models.options import Options
from django.template.loader import get_template
from django.urls import reverse
from django.utils.functional import cached_property


def prepare() -> None:
    """Work out what the first statements, pages and messages of a process would. Takes 0.5 s."""
    _relate_models()
    # the driver's words for values of Python, which the first connection asks for
    connection.get_connection_params()
    # to write one address, Django looks at the patterns of all: 12 MB in each process that did
    reverse("web:tonight")
    # the first template brings the tags and filters of all domains
    get_template("web/base.html")


def _relate_models() -> None:
    """Let each model know its fields and who points to it.

    Django finds that out at the first statement, by a look at every model: done after the fork it
    copied 11 MB in each process.
    """
    kept = [name for name, kind in vars(Options).items() if isinstance(kind, cached_property)]
    for model in apps.get_models(include_auto_created=True):
        known = model._meta  # noqa: SLF001 - Django's documented name
        for name in kept:
            getattr(known, name)
        for field in known.get_fields(include_hidden=True):
            if isinstance(field, Field) and field.concrete:
                _ = field.cached_col
