"""Nouns that travel between rooms. Nothing here computes, reads or writes."""
