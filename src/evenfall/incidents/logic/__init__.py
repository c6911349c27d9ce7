"""The decisions about incidents: values in, a decision with its reason out; no Django, no I/O."""
