"""Work in a process of its own, within limits on seconds and memory: what goes wrong there costs nothing here."""
