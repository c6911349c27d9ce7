"""Insights: reports read from everything below, about how work goes.

Words: the *five measures* of delivery (change lead time, deployment frequency, change fail rate,
failed deployment recovery time, deployment rework rate) come from own records, never from guesses;
each shows how many records it stands on.

Invariants: nothing here changes anything; a figure without records is absent, never zero.
"""
