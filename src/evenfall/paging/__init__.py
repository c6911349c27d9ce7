"""Paging: the effort to reach a human about a subject, until one answers.

Words: a *policy* is a list of *steps* with *targets*, in numbered versions that never change. A
*page* follows one version for one subject ("incident:17"). A *move* is one thing a page did: a
step taken or skipped, a call for help. A *participation* is one person notified by one move. A
*personal rule* says over which channel and when somebody is reached.

Invariants: a subject has at most one open page; a page that still seeks a human, or waits for an
acknowledgement to be followed up, has a due time; nobody found is never silence.
"""
