"""A runner: does commands that its own list allows, when an installation asks for them.

It calls the installation, never the other way round, and needs no port of its own. What may be done
here is said here, in a file that only its owner may write.
"""
