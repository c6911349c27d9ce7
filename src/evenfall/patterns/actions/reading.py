"""Every night the whole texts of incidents are compared, where the extra for it is installed."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.db import connection, transaction

from evenfall.patterns import queries
from evenfall.patterns.actions import loading
from evenfall.patterns.actions.noticing import COMPARE
from evenfall.patterns.logic.texts import Document, Near
from evenfall.patterns.models import IncidentTraits, Neighbour, Reading
from evenfall.platform.wakeups import wake

LONGEST_S: Final = 600
MOST_MEMORY: Final = 3 << 30
_PROGRAM: Final = f"""
import resource, sys, msgspec
from evenfall.patterns.logic.texts import Document, nearest
resource.setrlimit(resource.RLIMIT_AS, ({MOST_MEMORY}, {MOST_MEMORY}))
found = nearest(msgspec.json.decode(sys.stdin.buffer.read(), type=list[Document]))
sys.stdout.buffer.write(msgspec.json.encode(found))
"""
_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_KEEP: Final = """
INSERT INTO patterns_neighbour (one_id, other_id, cosine, words)
SELECT found.one, found.other, found.cosine, string_to_array(found.words, E'\\n')
  FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::text[])
       AS found (one, other, cosine, words)
  JOIN patterns_incidenttraits AS mine ON mine.incident_id = found.one AND mine.counts
  JOIN patterns_incidenttraits AS theirs ON theirs.incident_id = found.other AND theirs.counts
"""


def read_texts(*, now: datetime) -> int | None:
    """Find for each incident those whose texts are most like its own; return how many pairs.

    None without the extra. The incidents of new pairs are compared (again) soon; what people
    decided stays. The library takes some 100 MB, so a process of its own does the work, with a
    limit of 3 GB and of ten minutes. Raises CalledProcessError or TimeoutExpired at a limit.
    """
    if not queries.reading_state().installed:
        return None
    documents = queries.documents(now=now)
    found = _nearest(documents) if documents else []
    _keep(found, count=len(documents), now=now)
    return len(found)


def _nearest(documents: Sequence[Document]) -> list[Near]:
    done = subprocess.run(  # noqa: S603 - our own program, and texts on its input only
        [sys.executable, "-P", "-c", _PROGRAM],
        input=msgspec.json.encode(documents),
        stdout=subprocess.PIPE,
        env={**os.environ, **_ONE_THREAD},
        timeout=LONGEST_S,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=list[Near])


@transaction.atomic
def _keep(found: Sequence[Near], *, count: int, now: datetime) -> None:
    """Replace what the last night found; wait for whoever compares, as they read it."""
    loading.one_at_a_time()
    known = set(Neighbour.objects.values_list("one_id", "other_id"))
    Neighbour.objects.all().delete()
    columns = (
        [one.one for one in found],
        [one.other for one in found],
        [one.cosine for one in found],
        ["\n".join(one.words) for one in found],
    )
    with connection.cursor() as cursor:
        # what was deleted, merged, declined or made private since is left out
        cursor.execute(_KEEP, columns)
    Reading.objects.all().delete()
    Reading.objects.create(at=now, incidents=count)
    fresh = {one.other for one in found if (one.one, one.other) not in known}
    if IncidentTraits.objects.filter(incident_id__in=fresh).update(due_at=now):
        wake(COMPARE)
