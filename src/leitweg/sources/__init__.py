"""One reader per system: files become canonical rows, with a report on how."""
