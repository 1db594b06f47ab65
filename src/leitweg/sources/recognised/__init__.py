"""Exports of well-known systems, recognised by their columns: one file per system."""
