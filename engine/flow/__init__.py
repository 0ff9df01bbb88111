"""The authoring layer: a flow class becomes one compiled `Script` with one `transitions.Machine`."""
