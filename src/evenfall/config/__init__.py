"""The composition root: the only place that knows every domain.

Settings, URLs, the choreography (``subscriptions``), what workers run (``lanes``), the front door.
"""
