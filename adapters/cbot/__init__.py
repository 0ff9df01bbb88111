"""CBOT and 360dialog, On-Premises and Cloud."""
