"""The arithmetic of moving in: exports in, drafts and differences out. No Django, no I/O."""
