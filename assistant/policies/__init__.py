"""Policies as clauses: the digests we ship, official texts people add, and which of the two counts."""
