"""The steps, oldest first; a new database is created whole and needs none of them."""
