"""The benchmark measures what it says, and notices what is wrong."""
