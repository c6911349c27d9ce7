"""Insights: reports read from everything below, about how work goes, and what would help.

Words: the *five measures* of delivery (change lead time, deployment frequency, change fail rate,
failed deployment recovery time, deployment rework rate) come from own records, never from guesses;
each shows how many records it stands on.

A *problem* is what has one name in one service and environment; a page is *acted on* when somebody
did more than acknowledge. A *proposal* is a change that would have spared pages of a problem.

Invariants: a figure without records is absent, never zero. Pages are written down again as often as
they move, and the same each time. A proposal is applied and undone only through the actions of the
domain that owns what it changes; what it would have hidden is never left unsaid.
"""
