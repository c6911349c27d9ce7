"""Patterns: incidents that are one problem, found, explained, and decided by people.

Words: the *traits* of an incident are what it is compared by (words, services, contributing
factors, alerts, release). A *pair* is two incidents that are alike, with a *score* whose parts
add up; people say whether it is the same. A *pattern* is a group of incidents of one problem, with
an owner and a state; a *sign* is what raised it (three in 90 days, a fix that did not hold, a
problem of a test environment that came to production).

Invariants: a score is the same whoever is first, from 0 to 1, and its parts are shown; what people
rejected is never offered again; an incident is in one pattern at most; to compare a new incident
reads a bounded number of rows of an index, however many incidents there were before.
"""
