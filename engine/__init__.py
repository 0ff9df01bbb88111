"""The conversation engine: it knows no provider, no database and no web."""
