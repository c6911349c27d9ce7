"""Status pages: what customers and colleagues are told of services, now and over time.

Words: a *page* shows *components* in *groups*; a component has a *status* with a history of
intervals. A *post* is an incident as readers see it, with *updates*; a *maintenance* is work
announced ahead. A *subscriber* is told of what a page says.

Invariants: uptime comes from the stored intervals by the formula printed on the page; time without
data is not uptime; an edit keeps what was said before.
"""
