"""The order of the work: what the command line and a program call."""
