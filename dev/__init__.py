"""What the developers of the assistant run through `make`; nothing here is part of the installed program."""
