"""A few flows in a real browser; they wait for what is seen, never for a time."""
