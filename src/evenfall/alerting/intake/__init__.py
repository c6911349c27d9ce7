"""The front door: authenticate, examine, commit, answer.

It runs on one event loop, next to Django and not through it. `door` is the whole way of a request;
`commits` writes many requests in one transaction; `keys` and `repeats` are tables in memory;
`upkeep` keeps them true.
"""
