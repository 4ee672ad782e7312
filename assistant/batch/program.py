"""Which program this is: a run and the workers of its cluster must be of one version."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    try:
        return version("assistant")
    except PackageNotFoundError:  # a checkout that was not installed
        return "checkout"
