"""The schema: made quickly, and never that of a version that is not known."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from evenfall.config import upgrade
from evenfall.config.management.commands.migrate import GrowingState


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_left_alone() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_applied("oncall", "0099_from_the_future")

    with pytest.raises(upgrade.OtherVersionError, match=r"to oncall\.0099_from_the_future, which"):
        upgrade.migrate()


@pytest.mark.django_db
def test_migrations_of_other_packages_that_are_gone_do_no_harm() -> None:
    MigrationRecorder(connection).record_applied("no_longer_installed", "0001_initial")

    upgrade.migrate()


def test_models_that_grew_one_by_one_know_what_points_to_them() -> None:
    loader = MigrationLoader(None)
    grown = GrowingState({}, loader.unmigrated_apps)
    assert not grown.apps.get_models()  # rendered, so that each model is added to it
    for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        grown = loader.graph.nodes[key].mutate_state(grown, preserve=False)

    at_once = ProjectState({key: one.clone() for key, one in grown.models.items()}, grown.real_apps)

    assert _relations(grown) == _relations(at_once)


def _relations(state: ProjectState) -> dict[str, list[str]]:
    return {
        model._meta.label: sorted(
            f"{field.name} {field.related_model}"
            for field in model._meta.get_fields(include_hidden=True)
        )
        for model in state.apps.get_models(include_auto_created=True)
    }
