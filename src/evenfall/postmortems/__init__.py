"""Post-mortems: what an incident taught, without blame, and the actions that stop the next one.

Words: a *post-mortem* belongs to one incident and has *sections* from a *template*; *factors* are
what contributed, from a growing list. A *version* is one saved text. An *action* has one owner and
a deadline, and ends *verified*.

Invariants: two people who edit at once lose nothing; hints about wording are shown to the writer
only; times that a draft fills in come from the journal.
"""
