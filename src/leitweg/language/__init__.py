"""German and English: the catalogue, titles of findings, number and date forms."""
