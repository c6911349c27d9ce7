"""What the database can hold: ids of 63 bits, text without NUL."""

from typing import Annotated

from pydantic import Field

type Id = Annotated[int, Field(ge=1, lt=2**63)]
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
