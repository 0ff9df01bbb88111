"""What people type and what it means, by type and language: the cases, and the table of how many hold."""
