"""Who is the right contact: fit, route, learn, and the proof by backtest."""
