"""Findings and clauses -> suggestions, by templates or by a model, each held against the form before it is shown."""
