"""The middle region: one chat's transcript, from what is stored to HTML."""
