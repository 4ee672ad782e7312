"""审核: paste or upload a form, correct what was read, see findings and suggestions beside it, download.

Everything it shows comes from the same functions as `assistant review`. What a person works on lives
in their session (`Work`) and in no cache.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import Any

import streamlit as st

from assistant import profile as profiles
from assistant import review as reviews
from assistant.errors import SettingsError
from assistant.export.markdown import markdown
from assistant.export.remark import Remark, doubts, remarks, tally
from assistant.export.score_table import COLUMNS, rows
from assistant.finding import SEVERITIES, SEVERITY_LABELS
from assistant.form import BASIC, CONCLUSION, Form, label
from assistant.read import read_bytes
from assistant.read.kind import SUFFIXES
from assistant.read.refusal import MAX_BYTES
from assistant.review import DocumentReview, Review, Reviewer
from assistant.settings import load_settings
from assistant.shipped import folder
from assistant.sources import OUTPUT_MARK

SIGNS = {
    "error": (":material/error:", "red"),
    "warning": (":material/help:", "orange"),
    "advice": (":material/lightbulb:", "blue"),
}
FIELD, TEXT, DOUBT, AGREES = "栏目", "内容", "请核对", "核对"
KINDS = sorted({suffix for suffixes in SUFFIXES.values() for suffix in suffixes if suffix})
PANE_HEIGHT = 640
FEW = 3
"""Remarks up to which the pane needs no scrolling of its own."""
SAMPLES = folder("eval_sets") / "forms" / "forms"


@dataclass
class Work:
    """What one person has before them: the source, its reviews, and the cells they corrected, form by form."""

    name: str
    data: bytes
    reviewed: DocumentReview
    as_read: list[Form] = field(default_factory=list)
    corrections: list[dict[str, str | None]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Tells the widgets of one source from those of the next."""
        return hashlib.sha256(self.name.encode() + self.data).hexdigest()[:12]


def page() -> None:
    st.title("项目支出绩效自评表审核")
    with st.expander("选择自评表", expanded="work" not in st.session_state, icon=":material/upload_file:"):
        _choose()
    if problem := st.session_state.get("problem"):
        st.error(problem, icon=":material/error:")
    work: Work | None = st.session_state.get("work")
    if work is None:
        st.info(
            "粘贴或上传自评表后，程序读出各栏内容，核对数字和文字，列出问题、依据和意见。表格只在本机处理，不保存。"
        )
        return
    _show(work)


@st.cache_resource
def _reviewer(drafter: str) -> Reviewer:
    """One for everybody: it holds the rules, the settings and the policy index, and no form."""
    return Reviewer(profile=profiles.default(), drafter=drafter, settings=load_settings())


# --- what to review --------------------------------------------------------------------------


def _choose() -> None:
    """Three ways in. Bytes are copied into the session at once: an upload is gone after a lost connection."""
    paste, upload, sample = st.tabs(["粘贴", "上传文件", "示例"])
    with paste:
        text = st.text_area(
            "粘贴表中文字",
            height=220,
            placeholder="从 Word、Excel、网页或 PDF 中选中整张表，复制后粘贴到这里",
            key="pasted",
        )
        if st.button("审核粘贴的内容", type="primary", key="review-paste"):
            _take("粘贴的内容.txt", text.encode())
    with upload:
        file = st.file_uploader(
            "上传 Word（docx）、Excel（xlsx）、PDF、网页、文本或图片",
            type=KINDS,
            max_upload_size=MAX_BYTES // 2**20,
            key="upload",
        )
        if st.button("审核上传的文件", type="primary", disabled=file is None, key="review-upload") and file is not None:
            _take(file.name, file.getvalue())
    with sample:
        path = SAMPLES / "sample.docx"
        st.write("一张虚构单位填写的自评表，有若干常见问题。")
        if st.button("审核示例", type="primary", disabled=not path.is_file(), key="review-sample"):
            _take("示例自评表.docx", path.read_bytes())


def _take(name: str, data: bytes) -> None:
    """Read and review a source; what cannot be read leaves the former work as it was."""
    st.session_state.pop("problem", None)
    try:
        with st.spinner("正在读取和核对…"):
            reviewed = _reviewer("template").source(name, lambda: read_bytes(data, name))
    except SettingsError as error:
        st.session_state["problem"] = str(error)
        return
    if not reviewed.forms:
        st.session_state["problem"] = "".join(reviewed.problems)
        return
    forms = [one.form for one in reviewed.forms]
    st.session_state["work"] = Work(name, data, reviewed, forms, [{} for _ in forms])
    st.rerun()


# --- what was found --------------------------------------------------------------------------


def _show(work: Work) -> None:
    for problem in work.reviewed.problems:
        st.warning(problem, icon=":material/warning:")
    number = _pick_form(work)
    heading = st.container()
    left, right = st.columns([11, 12], gap="medium")
    with left:
        _edit(work, number)  # first: everything else speaks of the corrected form
    review = work.reviewed.forms[number]
    said = remarks(review)
    with heading:
        _heading(work, review, said)
    with right:
        _remarks(review, said)
        _offer_model(work, number)
    _unread(review)


def _pick_form(work: Work) -> int:
    forms = work.reviewed.forms
    if len(forms) == 1:
        return 0
    picked = st.selectbox(
        f"文件中有 {len(forms)} 张表",
        range(len(forms)),
        format_func=lambda at: f"{at + 1}. {forms[at].name}",
        key=f"form-{work.key}",
    )
    return int(picked or 0)


def _heading(work: Work, review: Review, said: list[Remark]) -> None:
    """Name, counts, downloads and the score sheet."""
    st.subheader(review.name, anchor=False)
    about = [review.form.get("basic.implementing_unit"), review.form.get("basic.evaluation_year"), work.name]
    st.caption(" · ".join(part for part in about if part))
    with st.container(horizontal=True, vertical_alignment="center"):
        for severity in SEVERITIES:
            count = sum(remark.severity == severity for remark in said)
            icon, colour = SIGNS[severity]
            st.badge(f"{SEVERITY_LABELS[severity]} {count}", icon=icon, color=colour if count else "gray")
        st.space("stretch")
        _downloads(work)
    *figures, how = COLUMNS
    table = [
        dict(
            zip((*figures, AGREES, how), (*row.cells[:-1], "不一致" if row.differs else "", row.cells[-1]), strict=True)
        )
        for row in rows(review.scores)
    ]
    st.table(table, border="horizontal", hide_index=True, alt="得分复核：自评与复核对照")


def _downloads(work: Work) -> None:
    """Made when clicked; a click does not run the page again."""
    stem = f"{PurePath(work.name).stem}{OUTPUT_MARK}"
    for name, suffix, mime, make in (
        ("Word", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _word),
        ("Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _excel),
        ("Markdown", "md", "text/markdown", _markdown),
        ("JSON", "json", "application/json", _json),
    ):
        st.download_button(
            name,
            data=partial(make, work),
            file_name=f"{stem}.{suffix}",
            mime=mime,
            on_click="ignore",
            icon=":material/download:",
            key=f"download-{suffix}",
        )


def _word(work: Work) -> bytes:
    from assistant.export.word import word

    return word(work.reviewed, work.data)


def _excel(work: Work) -> bytes:
    from assistant.export.excel import excel

    return excel([work.reviewed])


def _markdown(work: Work) -> bytes:
    return markdown(work.reviewed).encode()


def _json(work: Work) -> bytes:
    return json.dumps(reviews.to_json([work.reviewed]), ensure_ascii=False, indent=2).encode()


# --- the form as read ------------------------------------------------------------------------


def _edit(work: Work, number: int) -> None:
    """The cells as read, to be corrected; a correction is checked at once.

    The table is always made from the form as it was read, never from its own result: given back its
    result, the editor would lose every second correction.
    """
    form = work.as_read[number]
    st.markdown("##### 读到的内容")
    st.caption("读错的地方可以双击更正，更正后立即重新核对。")
    shown = cells(form)
    doubtful = any(shown.values())
    edited = st.data_editor(
        [{FIELD: label(path), TEXT: form.get(path) or "", DOUBT: doubt} for path, doubt in shown.items()],
        column_config={
            FIELD: st.column_config.TextColumn(disabled=True, width=190),
            TEXT: st.column_config.TextColumn(width=230 if doubtful else 340),
            DOUBT: st.column_config.TextColumn(disabled=True, width=110, help="读取时没有把握的地方")
            if doubtful
            else None,
        },
        hide_index=True,
        height=PANE_HEIGHT,
        key=f"cells-{work.key}-{number}",
    )
    corrections = changes(form, list(shown), [row[TEXT] for row in edited])
    if corrections != work.corrections[number]:
        work.corrections[number] = corrections
        work.reviewed.forms[number] = _reviewer("template").form(reviews.corrected(form, corrections))
    if corrections:
        st.caption(f"已更正 {len(corrections)} 处。")
    people = "；".join(
        " ".join(filter(None, (one.role, one.name, one.title, one.organization))) for one in form.evaluators
    )
    if people:
        st.caption(f"评价人员：{people}")


def cells(form: Form) -> dict[str, str]:
    """The paths that can be corrected, each with what is doubtful about it: the printed cells, then those the
    reader may have missed."""
    shown = {
        path: (reading.note or "把握不大") if reading.confidence < 1 else "" for path, reading in form.readings.items()
    }
    missed = [f"basic.{key}" for key in BASIC] + [f"scores.{key}" for key in ("execution", *form.sections, "total")]
    missed += [f"conclusion.{key}" for key in CONCLUSION]
    if form.family == "indicator":
        missed = ["basic.project_name", "scores.total"]
    return shown | {path: "表中未读到" for path in missed if path not in shown}


def changes(form: Form, paths: list[str], texts: list[Any]) -> dict[str, str | None]:
    """The cells whose text is not what was read; a cleared cell is None."""
    typed = {
        path: (str(text).strip() or None) if text is not None else None for path, text in zip(paths, texts, strict=True)
    }
    return {path: text for path, text in typed.items() if text != (form.get(path) or None)}


# --- findings, suggestions -------------------------------------------------------------------


def _remarks(review: Review, said: list[Remark]) -> None:
    st.markdown("##### 问题和意见")
    if not said:
        st.success("按现有规则核对，未发现问题。", icon=":material/check_circle:")
        return
    st.caption(f"{tally(said)}。")
    with st.container(height=PANE_HEIGHT if len(said) > FEW else "content", border=len(said) > FEW):
        for remark in said:
            _remark(remark)


def _remark(remark: Remark) -> None:
    icon, colour = SIGNS[remark.severity]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(remark.severity_label, icon=icon, color=colour)
            st.markdown(f"**{remark.rule}**")
            st.text(remark.field_label)
        st.text(remark.body)
        if remark.rewrite:
            st.caption("建议写法")
            st.code(remark.rewrite, language=None, wrap_lines=True)
        if remark.citations:
            with st.expander(f"条款 {len(remark.citations)} 条", icon=":material/gavel:"):
                for citation in remark.citations:
                    st.text(citation.line)
                    st.caption(f"{citation.clause.wording}：{citation.clause.digest}")


def _offer_model(work: Work, number: int) -> None:
    """Templates draft at once; the model, where there is one, only when asked: it takes its time and may cost."""
    if not _reviewer("template").settings.model_configured:
        return
    if st.button("用模型重新起草意见", icon=":material/edit_note:", key=f"model-{work.key}-{number}"):
        form = reviews.corrected(work.as_read[number], work.corrections[number])
        with st.status("正在起草…") as status:
            work.reviewed.forms[number] = _reviewer("model").form(
                form, lambda stage: status.update(label=f"正在{stage}…")
            )
        st.rerun()


def _unread(review: Review) -> None:
    found = doubts(review)
    if not found:
        return
    with st.expander(f"未能识别或需要核对的内容 {len(review.unread)} 处", icon=":material/visibility:"):
        for why, texts in found:
            st.caption(f"{why}：")
            st.text("\n".join(texts))
