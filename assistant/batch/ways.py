"""The way on after what ended a run or stopped a file, as the command line says it.

A message is what happened and one of these, and nothing else in `batch` names an option. The page has buttons instead: it
words the same ways itself (`batch.way_…` in `pages/words.yaml`).
"""

from __future__ import annotations

WAYS = {
    "space": "请腾出空间后再次运行同一命令，接着做。",
    "space_or_rights": "请腾出空间或检查权限后，再次运行同一命令。",
    "damaged": "请检查磁盘；记录损坏时用 --restart 重新开始。",
    "again": "请再次运行同一命令，接着做；仍然出错请反馈给维护人员。",
    "cluster": "请恢复后再次运行同一命令，接着做。",
    "policies": "请把开始的那台机器的政策库复制过去，再次运行同一命令；政策库在运行中改过的，用 --restart 全部重做。",
    "as_before": "请改回原来的再接着做，用 --restart 全部重做，或换一个 --out。",
    "folder": "请检查权限，或用 --out 换一个目录。",
    "other_folder": "请等它结束，或先停止它；不同的批次请用不同的 --out。",
    "time": "确属自评表的，请调大 --time-limit。",
    "memory": "确属自评表的，请调大 --memory-limit。",
}


def parted(said: str) -> tuple[str, str]:
    """A message as what happened and the key of its way on; the key is empty where it ends otherwise."""
    for key, way in WAYS.items():
        if said.endswith(way):
            return said.removesuffix(way), key
    return said, ""
