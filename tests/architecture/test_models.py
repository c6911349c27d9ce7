"""Rules of the tables that no import contract can see."""

from django.apps import apps
from django.db.models import ForeignKey, Model

from evenfall.config.settings import DOMAINS

STACK = {name: height for height, name in enumerate(DOMAINS)}
OURS = [model for model in apps.get_models() if model._meta.app_label in STACK]


def _foreign_keys() -> list[tuple[type[Model], ForeignKey[Model, Model], str]]:
    return [
        (model, field, field.related_model._meta.app_label)
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
    ]


def test_foreign_keys_point_down_the_stack() -> None:
    upwards = [
        f"{model.__name__}.{field.name} -> {target}"
        for model, field, target in _foreign_keys()
        if target in STACK and STACK[target] > STACK[model._meta.app_label]
    ]
    assert upwards == []


def test_foreign_keys_across_domains_leave_no_accessor_behind() -> None:
    """A reverse accessor is an upward dependency that no import linter sees."""
    visible = [
        f"{model.__name__}.{field.name}"
        for model, field, target in _foreign_keys()
        if target in STACK
        and target != model._meta.app_label
        and field.remote_field.related_name != "+"
    ]
    assert visible == []


def test_no_column_reads_the_clock() -> None:
    """Time is an argument of actions; auto_now would read the clock below the edge."""
    readers = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    assert readers == []
