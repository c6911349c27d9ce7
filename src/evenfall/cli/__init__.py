"""The command line: processes of an installation, and a client for the common acts."""
