"""Talking to flows offline: `Talk` for tests in Python, transcripts for tests in plain text."""

from engine.flow.talk.people import read_click
from engine.flow.talk.talk import Talk
from engine.flow.talk.transcript import TranscriptError, play

__all__ = ["Talk", "TranscriptError", "play", "read_click"]
