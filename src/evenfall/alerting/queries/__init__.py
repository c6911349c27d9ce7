"""Named reads of alerting. They return plain values: a template can issue no SQL."""
