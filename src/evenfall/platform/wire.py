"""Types of values in the REST API that have no word of their own in JSON Schema."""

from datetime import time
from typing import Annotated

from pydantic import WithJsonSchema

# what JSON Schema calls a time has an offset; on the wall there is none
WallTime = Annotated[
    time, WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"})
]
