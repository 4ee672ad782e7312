"""What good indicators look like: pairs, clinic, quiz."""
