"""What each process would work out for itself, worked out once, ahead of the fork.

To work something out is to write to what is loaded, and memory that is written to is not shared
any more.
"""

from django.apps import apps
from django.db.models.options import Options
from django.utils.functional import cached_property


def relate_models() -> None:
    """Let each model know its fields and who points to it.

    Django finds that out at the first statement, by a look at every model: done after the fork it
    copied 11 MB in each process.
    """
    kept = [name for name, kind in vars(Options).items() if isinstance(kind, cached_property)]
    for model in apps.get_models(include_auto_created=True):
        for name in kept:
            getattr(model._meta, name)
