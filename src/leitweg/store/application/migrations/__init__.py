"""How older application databases become newer ones: one file in `versions` for each step."""
