"""What reviewers decided, kept in a database."""
