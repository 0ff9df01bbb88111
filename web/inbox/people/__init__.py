"""Who works here: signing in, sessions, passwords, the agents themselves, what they did."""
