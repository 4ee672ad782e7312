"""What a person reads where a limit of a process was reached: which limit, with its number."""

from __future__ import annotations

DIED_TWICE = "读取它的进程两次意外中断。请检查文件，或转换为 docx 再试。"


def over_time(limit_s: float) -> str:
    return f"超过 {limit_s:.15g} 秒仍没有读完，已停止。"


def over_memory(limit_mb: int) -> str:
    return f"占用内存超过 {limit_mb} MB，已停止。"
