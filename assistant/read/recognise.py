"""Pictures of text lines -> texts with their confidence, by the recognition model in rapidocr's wheel.

Used by `ocr.py`. The model is run directly: rapidocr pads each of a form's many short cells to the width of
a long line, which costs twice the time. Nothing is downloaded, and the runtime's telemetry is switched off.
"""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.read.picture import Grey

# onnxruntime reports home unless it is told not to before it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

NEEDED = ("rapidocr", "onnxruntime", "cv2", "PIL")
HEIGHT = 48
WIDEST = 3200
TURN_WIDTH = 192
BATCH_PIXELS = 4000
"""Lines are run together up to that total width: more gains nothing on a few cores and takes memory."""


def missing() -> str | None:
    """Why no picture can be read here; None where it can."""
    if any(find_spec(module) is None for module in NEEDED):
        return "未安装文字识别（OCR）组件"
    return None if all(map(_model_file, ("det", "cls", "rec"))) else "文字识别组件缺少模型文件"


def _model_file(kind: str) -> Path | None:
    found = find_spec("rapidocr")
    if found is None or not found.origin:
        return None
    return next(iter(sorted((Path(found.origin).parent / "models").glob(f"*_{kind}_*.onnx"))), None)


@lru_cache(maxsize=2)
def _session(kind: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(os.cpu_count() or 1, 4)
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(_model_file(kind)), options, providers=["CPUExecutionProvider"])


class Recogniser:
    """The loaded model; one for the whole process, see `recogniser`."""

    def __init__(self) -> None:
        self._session = _session("rec")
        self._input = self._session.get_inputs()[0].name
        letters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._letters = ["", *letters, " "]

    def read(self, lines: list[Grey]) -> list[tuple[str, float]]:
        """Text and confidence (0–1) of each picture, in the order given."""
        import numpy

        scaled = [_scaled(line) for line in lines]
        order = sorted(range(len(lines)), key=lambda n: scaled[n].shape[1])
        found: list[tuple[str, float]] = [("", 0.0)] * len(lines)
        while order:
            widest = scaled[order[-1]].shape[1]
            batch = [order.pop()]
            while order and widest * (len(batch) + 1) <= BATCH_PIXELS and scaled[order[-1]].shape[1] > 0.7 * widest:
                batch.append(order.pop())
            # White would be 1; the model was trained with grey (0) beside short lines.
            stacked = numpy.zeros((len(batch), 3, HEIGHT, widest), numpy.float32)
            for n, line in enumerate(batch):
                stacked[n, :, :, : scaled[line].shape[1]] = scaled[line] / 127.5 - 1
            for n, steps in zip(batch, self._session.run(None, {self._input: stacked})[0], strict=True):
                found[n] = self._decoded(steps)
        return found

    def _decoded(self, steps: Any) -> tuple[str, float]:
        """Each step names a letter or none; a letter that goes on over several steps is one."""
        best = steps.argmax(axis=1)
        kept = best != 0
        kept[1:] &= best[1:] != best[:-1]
        if not kept.any():
            return "", 0.0
        text = "".join(self._letters[n] for n in best[kept])
        return text, float(steps.max(axis=1)[kept].mean())


def upside_down(lines: list[Grey]) -> bool:
    """Whether most of these lines, at least some letters long each, stand on their heads."""
    import numpy

    session = _session("cls")
    votes = 0
    for line in lines:
        picture: Any = numpy.zeros((1, 3, HEIGHT, TURN_WIDTH), numpy.float32)
        scaled = _scaled(line, TURN_WIDTH)
        picture[0, :, :, : scaled.shape[1]] = scaled / 127.5 - 1
        upright, turned = session.run(None, {session.get_inputs()[0].name: picture})[0][0]
        votes += 1 if turned > upright else -1
    return votes > 0


def _scaled(line: Grey, widest: int = WIDEST) -> Grey:
    import cv2

    height, width = line.shape
    across = min(max(round(width * HEIGHT / height), HEIGHT), widest)
    how = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    return cv2.resize(line, (across, HEIGHT), interpolation=how)


@lru_cache(maxsize=1)
def recogniser() -> Recogniser:
    return Recogniser()


@lru_cache(maxsize=1)
def _detector() -> Any:
    from rapidocr import RapidOCR

    paths = {f"{kind.capitalize()}.model_path": str(_model_file(kind)) for kind in ("det", "rec")}
    return RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False, **paths})


def detected(picture: Grey) -> list[tuple[int, int, int, int]]:
    """Boxes of the text lines on a page that has no rules to go by, top to bottom."""
    found = _detector()(picture, use_det=True, use_cls=False, use_rec=False)
    boxes = [] if found.boxes is None else found.boxes
    out = [(int(box[:, 0].min()), int(box[:, 1].min()), int(box[:, 0].max()), int(box[:, 1].max())) for box in boxes]
    return sorted(out, key=lambda box: (box[1], box[0]))
