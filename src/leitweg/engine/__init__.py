"""The engines: DuckDB behind named steps, and the compiled kernels. Alone knows a dialect."""
