"""The names a flow file is written with."""
