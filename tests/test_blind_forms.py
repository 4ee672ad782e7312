"""The forms written without sight of the program: what was mended after them stays mended."""

from __future__ import annotations

from pathlib import Path

from assistant.evaluate.checks import evaluate
from assistant.form import profile as profiles

SET = Path(__file__).parent.parent / "eval_sets/blind"


def test_every_cell_is_read_and_hardly_a_finding_missed():
    shares = evaluate([SET], profiles.default()).shares()
    assert shares["cells"] == 1
    assert shares["hard recall"] == shares["hard precision"] == 1
    assert shares["soft recall"] >= 0.98
    assert shares["soft precision"] >= 0.99
