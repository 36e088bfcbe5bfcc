"""Which of several equilibria: what tells them apart, what survives, and where learning leads."""
