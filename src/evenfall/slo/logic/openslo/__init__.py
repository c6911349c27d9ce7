"""OpenSLO, read and written: texts become typed documents, with a note for whatever is odd.

After the OpenSLO specification, version v1. `documents` bounds what a text may be, `reading` turns
it into `structs`, `references` looks across documents, `writing` goes the other way.
"""
