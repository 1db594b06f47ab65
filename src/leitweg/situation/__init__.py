"""The as-is situation: one file per question, each with its method page in docs/methods."""
