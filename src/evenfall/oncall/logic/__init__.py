"""The arithmetic of on-call: values in, spans with reasons out. No Django, no clock, no I/O."""
