"""The commands of `assistant`, one a file: `add` says what it takes, the rest runs it. Imports only what `--help` needs."""
