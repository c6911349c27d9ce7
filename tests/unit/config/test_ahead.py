"""What is worked out ahead of the fork."""

from django.apps import apps
from django.db import connection

from evenfall.config import ahead

WORKED_OUT = ("_relation_tree", "fields_map", "_forward_fields_map", "related_objects")


def test_no_model_is_left_to_look_at_the_others() -> None:
    models = apps.get_models(include_auto_created=True)
    for model in models:
        for name in WORKED_OUT:
            vars(model._meta).pop(name, None)

    ahead.prepare()

    missing = [
        (model.__name__, name)
        for model in models
        for name in WORKED_OUT
        if name not in vars(model._meta)
    ]
    assert not missing


def test_the_database_is_not_asked() -> None:
    ahead.prepare()
    assert connection.connection is None
