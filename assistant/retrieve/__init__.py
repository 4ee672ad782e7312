"""Clauses for a finding or a question: search by words, by meaning and by rule."""
