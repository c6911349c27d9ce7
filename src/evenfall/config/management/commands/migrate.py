"""Django's ``migrate``, which makes a new database in a tenth of the time.

While it migrates, Django keeps the models as they were at each step. It makes every model that is
related to a new one again for each new one, and nearly all of ours are related by way of teams and
people: 156 tables meant 15,000 models made, 13 s of a first start. Nothing of that is needed for a
model that is new: the class of a foreign key registers itself with the class it points to, as it
does when the code is imported. Nor is it needed for a new field, an index or a constraint of a
model that exists: the model itself takes it. Other changes are left to Django, and those of the
libraries come first, while there are few models to make again.

On the way back a step has to see the models without what later steps added, so all of that is left
to Django.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, override

from django.apps import apps
from django.core.management.commands import migrate
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED, BaseConstraint, Field, Index

_OURS = "evenfall."
type AnyField = Field[Any, Any]
type Named = list[Index | BaseConstraint]


class GrowingState(ProjectState):
    """A state that makes a new model without making those again that it is related to."""

    @override
    def add_model(self, model_state: ModelState) -> None:
        key = model_state.app_label, model_state.name_lower
        self.models[key] = model_state
        if self._relations is not None:  # type: ignore[attr-defined]  # the stubs leave it out
            self.resolve_model_relations(key)
        if "apps" in self.__dict__:  # else they are made all at once when somebody asks
            self.apps.render_multiple([model_state])
            self.apps.clear_cache()

    @override
    def add_field(
        self, app_label: str, model_name: str, name: str, field: AnyField, preserve_default: bool
    ) -> None:
        if not preserve_default:
            field = field.clone()
            field.default = NOT_PROVIDED
        key = app_label, model_name
        self.models[key].fields[name] = field
        if self._relations is not None:  # type: ignore[attr-defined]  # the stubs leave it out
            self.resolve_model_field_relations(key, name, field)
        if "apps" in self.__dict__:
            self.apps.get_model(app_label, model_name).add_to_class(name, field.clone())
            self.apps.clear_cache()

    @override
    def add_index(self, app_label: str, model_name: str, index: Index) -> None:
        self._change(app_label, model_name, "indexes", lambda known: [*known, index])

    @override
    def remove_index(self, app_label: str, model_name: str, index_name: str) -> None:
        self._change(app_label, model_name, "indexes", _without(index_name))

    @override
    def add_constraint(self, app_label: str, model_name: str, constraint: BaseConstraint) -> None:
        self._change(app_label, model_name, "constraints", lambda known: [*known, constraint])

    @override
    def remove_constraint(self, app_label: str, model_name: str, constraint_name: str) -> None:
        self._change(app_label, model_name, "constraints", _without(constraint_name))

    def _change(
        self, app_label: str, model_name: str, option: str, change: Callable[[Named], Named]
    ) -> None:
        """Change what is kept of a model, and the class where there is one already."""
        options = self.models[app_label, model_name].options
        options[option] = change(options[option])
        if "apps" in self.__dict__:
            there = self.apps.get_model(app_label, model_name)
            setattr(there._meta, option, options[option])  # noqa: SLF001 - Django's own place


def _without(name: str) -> Callable[[Named], Named]:
    return lambda known: [one for one in known if one.name != name]


class Executor(MigrationExecutor):
    """Django's executor, which goes forward with a growing state."""

    @override
    def migration_plan(
        self,
        targets: Sequence[tuple[str, str | None]] | set[tuple[str, str]],
        clean_start: bool = False,
    ) -> list[tuple[Migration, bool]]:
        """Plan the steps of the libraries, and what they need of ours, before the others."""
        ours = {app.label for app in apps.get_app_configs() if app.name.startswith(_OURS)}
        in_order = sorted(targets, key=lambda target: target[0] in ours)
        plan: list[tuple[Migration, bool]] = super().migration_plan(in_order, clean_start)
        return plan

    @override
    def migrate(
        self,
        targets: Sequence[tuple[str, str | None]] | None,
        plan: Sequence[tuple[Migration, bool]] | None = None,
        state: ProjectState | None = None,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        # models that another state has made would go on asking that one what points to them
        is_forward = plan is not None and not any(backwards for _, backwards in plan)
        if state is not None and is_forward:
            state = GrowingState(state.clone().models, state.real_apps)
        # Which setting names a model is asked for each foreign key of each model that is made.
        # Django forgets it with every new model of a state; the models of the code stay.
        vars(apps)["get_swappable_settings_name"] = cache(apps.get_swappable_settings_name)
        try:
            after: ProjectState = super().migrate(targets, plan, state, fake, fake_initial)
        finally:
            del vars(apps)["get_swappable_settings_name"]
        return after


class Command(migrate.Command):
    """Django's command with our executor, which it takes from its own module."""

    @override
    def handle(self, *arguments: object, **options: object) -> None:
        migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]  # an import of it
        super().handle(*arguments, **options)
