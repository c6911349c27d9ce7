"""What is worked out before the fork. In a process of its own: here others have worked it out."""

import os
import subprocess
import sys

_PROGRAM = """
from evenfall.cli import processes
processes.load()
processes.load_pages()

from django.apps import apps
from django.template import engines
from django.urls import get_resolver

resolver, loader = get_resolver(), engines["django"].engine.template_loaders[0]
tables = [model._meta for model in apps.get_models(include_auto_created=True)]
print(resolver._populated)
print(any("web/base.html" in str(name) for name in loader.get_template_cache))
print(all("fields_map" in vars(table) for table in tables))
"""


def test_addresses_templates_and_tables_are_known_before_anybody_asks() -> None:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stdout.splitlines() == ["True", "True", "True"]
