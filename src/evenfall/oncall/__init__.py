"""Who is on call, when, and why.

Words: a *rota* belongs to a team and has *layers*; a layer hands *shifts* of a *pattern* to its
*members* in turn; a later layer wins over an earlier one. An *override* changes one stretch of
time. A *duty* is one person in one role (primary, lieutenant, shadow) for one span of time. An
*absence* makes others *stand in*; a *request* asks somebody for *cover* or to *swap*.

Invariants:
- `final_schedule` is the only answer to "who is on call"; pager, pages, API and feeds all ask it.
- One role has at most one person at any instant, and the lieutenant is never the primary.
- Shifts follow the clock on the wall of their zone, whatever that clock does.
- A change of members or of the plan never rewrites a shift that has already begun.
- What is told of a shift is told once, by the schedule as it is at that moment.
"""
