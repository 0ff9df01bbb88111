"""The program `parley`: one module per command."""
