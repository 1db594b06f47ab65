"""The command line: it asks `studies` and shows what comes back."""
