"""What a machine or a browser asks over HTTP."""
