"""The ledger of what changed: deploys, flags, configuration, infrastructure and more.

Words: a *change* is a fact that somebody or something reported: what, where, when, by whom.
It is the first suspect of every incident. A *deploy* is a change with a life: it started, then it
finished or failed. A *source* is where reports come from: a key for a repository, a pipeline or a
cluster. A deploy *did harm* when people confirmed that an incident came from it.

Invariants:
- Nobody alters or removes a change; a wrong one is answered by another. Its sender may tell how a
  deploy went on; that it did harm, or was undone, is written beside it.
- The same report (same source and same external id) is one row, however often it is sent.
- A deploy that ended never starts again, whatever comes late.
"""
