"""Checks, drafting and retrieval against labelled sets."""
