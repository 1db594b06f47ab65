"""Reports: released values, told and drawn, in a file that stands alone."""
