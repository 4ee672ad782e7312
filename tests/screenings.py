"""Screened forms for tests: invented ones of which a test names what matters, and real ones from the evaluation set."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from assistant.batch.screened import Said, Screened

FORMS = Path(__file__).parent.parent / "eval_sets/forms/forms"
REAL = (
    "archives.docx", "assistive-devices.docx", "childrens-library.xlsx", "cloud-platform.docx", "elderly-canteen.docx",
    "family-doctor.pdf", "farm-machinery.docx", "fire-stores.docx", "fitness-centre.docx", "food-sampling.docx",
    "footbridge.txt", "sample.docx",
)  # fmt: skip


def invented(name: str = "一号", **changes) -> Screened:
    """A form without fault: 100 万元, fully spent, 98 of 100 points."""
    hundred = Decimal(100)
    whole = {
        "source": f"{name}.docx", "number": 1, "family": "section", "project": f"{name}水库除险加固项目",
        "department": "霁川县水利局", "unit": "霁川县水库运行站", "year": 2024, "budget_wan": hundred, "received_wan": hundred,
        "executed_wan": hundred, "rate": Decimal(1), "total_stated": Decimal(98), "total_recomputed": Decimal(98),
        "grade_stated": "优", "grade_recomputed": "优", "findings": (), "suggestions": 0, "doubts": 0, "texts": {},
    }  # fmt: skip
    return Screened(**whole | changes)


def fault(rule: str, severity: str = "warning", message: str = "有一处要说明。") -> Said:
    return Said(rule, severity, "scores.total", message)
