"""Each provider behaviour as its documents tell it, as a local server; knows no adapter."""
