"""Monitors: what looks at the outside of services without being asked.

Words: a *monitor* looks at one thing of one service on a schedule (a *probe* of an address, a
*watcher* of a query, a *backup*, a *drift*); a *check* is one look with its result: good, bad or
unknown; an *outage* is a time of bad checks long enough to count.

Invariants: unknown is never good; one bad look alone opens nothing unless somebody wants it so;
what opens an alert also closes it.
"""
