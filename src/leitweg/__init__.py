"""Leitweg."""
