"""The form as read: cells by field path, its layout on paper, what is found in it, and what of it may leave the machine."""
