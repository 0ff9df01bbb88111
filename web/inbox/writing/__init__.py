"""Below the transcript: what agents write, attach, choose and begin."""
