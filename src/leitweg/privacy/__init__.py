"""The privacy door: pseudonyms at the entrance, release at the exit."""
