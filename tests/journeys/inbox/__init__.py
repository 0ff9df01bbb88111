"""The inbox in a real browser: what agents and contacts do to each other, on a desk and on a phone."""
