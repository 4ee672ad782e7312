"""The command as people type it: outputs, exit codes, sentences for bad input, and what it does not load."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile

import pytest

from assistant.commands.cli import main
from assistant.rules.clean import clean
from assistant.rules.rule import load
from tests.documents import to_docx, to_xlsx
from tests.pastes import to_paste

HEAVY = ("chromadb", "langchain_core", "langchain_openai", "openai", "streamlit", "onnxruntime", "numpy")


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    """No settings or index of whoever runs the tests; a working folder of our own."""
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("ASSISTANT_MODEL", "ASSISTANT_MODEL_BASE_URL", "ASSISTANT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def faulty():
    """A form whose total is wrong and nothing else."""
    form = clean("section")
    form.put("scores.total", "90")
    return form


def run(capsys, *arguments):
    """Exit code, standard output and standard error of one command."""
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as done:
        code = done.code
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_help_comes_in_under_half_a_second():
    def seconds():
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "assistant", "--help"], check=True, capture_output=True)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(3)) < 0.5


@pytest.mark.parametrize("form", ["terminal", "json", "markdown"])
def test_a_review_without_drafting_loads_none_of_the_heavy_libraries(tmp_path, faulty, form):
    (tmp_path / "表.docx").write_bytes(to_docx(faulty))
    script = (
        "import sys; from assistant.commands.cli import main;"
        f"main(['review', '表.docx', '--drafter', 'none', '--format', '{form}']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stderr.strip() == "[]"


def test_the_terminal_report_names_the_form_the_scores_and_each_finding(tmp_path, capsys, faulty):
    (tmp_path / "表.docx").write_bytes(to_docx(faulty))
    code, out, err = run(capsys, "review", "表.docx", "--drafter", "none")
    assert (code, err) == (0, "")
    assert faulty.get("basic.project_name") in out
    assert "S01 得分 › 总分" in out and "总分填90分" in out and "依据：《" in out
    assert "\x1b[" not in out


def test_json_goes_to_standard_output_and_nothing_else_does(tmp_path, capsys, faulty):
    (tmp_path / "表.txt").write_text(to_paste(faulty), encoding="utf-8")
    (tmp_path / "空.txt").write_text("")
    code, out, err = run(capsys, "review", "空.txt", "表.txt", "--format", "json", "--drafter", "none")
    documents = json.loads(out)["documents"]
    assert code == 3
    assert [document["source"] for document in documents] == ["空.txt", "表.txt"]
    assert documents[0]["forms"] == [] and "空" in documents[0]["problems"][0]
    assert documents[1]["forms"][0]["findings"]
    assert err.count("\n") == 1


def test_a_folder_is_reviewed_with_what_lies_below_it_and_without_our_own_files(tmp_path, capsys, faulty):
    folder = tmp_path / "送审"
    (folder / "二科").mkdir(parents=True)
    (folder / "甲.docx").write_bytes(to_docx(faulty))
    (folder / "二科" / "乙.xlsx").write_bytes(to_xlsx(faulty))
    for name in ("~$甲.docx", ".甲.docx", "甲-审核意见.docx", "审核意见.xlsx"):
        (folder / name).write_bytes(b"x")
    code, out, _ = run(capsys, "review", folder, "--format", "json", "--drafter", "none")
    assert code == 0
    assert [document["source"].rpartition("/")[2] for document in json.loads(out)["documents"]] == [
        "乙.xlsx",
        "甲.docx",
    ]


def test_an_empty_folder_is_said_to_be_one(tmp_path, capsys):
    (tmp_path / "空").mkdir()
    code, _, err = run(capsys, "review", "空", "--drafter", "none")
    assert code == 3 and "没有可以读取的文件" in err


def test_standard_input_may_be_text_or_a_file(monkeypatch, capsys, faulty):
    for data in (to_paste(faulty).encode(), to_paste(faulty).encode("gb18030"), to_docx(faulty)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        code, out, _ = run(capsys, "review", "-", "--format", "json", "--drafter", "none")
        (document,) = json.loads(out)["documents"]
        assert code == 0 and document["source"] == "标准输入"
        assert "S01" in {finding["rule"] for finding in document["forms"][0]["findings"]}


def broken_zip():
    return to_docx(clean("section"))[:3000]


def other_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("读我.txt", "x")
    return out.getvalue()


BAD = {
    "空文件.docx": b"",
    "截断.docx": broken_zip(),
    "加密.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600),
    "不是表.txt": "关于召开年度工作会议的通知\n请各科室按时参加。".encode(),
    "压缩包.zip": other_zip(),
    "改名.pdf": b"\x7fELF" + bytes(range(256)) * 8,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_sentence_that_says_what_to_do_and_the_next_file_is_still_read(name, tmp_path, capsys, faulty):
    (tmp_path / name).write_bytes(BAD[name])
    (tmp_path / "好.docx").write_bytes(to_docx(faulty))
    code, out, err = run(capsys, "review", name, "好.docx", "--format", "json", "--drafter", "none")
    assert code == 3
    assert name in err and "请" in err and err.count("\n") == 1
    assert "Traceback" not in err and "（" not in err.partition("程序处理")[2]
    first, second = json.loads(out)["documents"]
    assert first["forms"] == [] and len(first["problems"]) == 1
    assert len(second["forms"]) == 1


def test_a_fault_of_ours_in_one_document_is_told_and_the_others_are_reviewed(tmp_path, monkeypatch, capsys, faulty):
    monkeypatch.setattr("assistant.process.worker.threading.active_count", lambda: 1)  # other tests leave threads
    from assistant.review import reviewer as review

    (tmp_path / "甲.docx").write_bytes(to_docx(faulty))
    (tmp_path / "乙.txt").write_text(to_paste(faulty), encoding="utf-8")
    parse = review.parse
    monkeypatch.setattr(review, "parse", lambda document: 1 / 0 if document.kind == "docx" else parse(document))
    code, out, err = run(capsys, "review", "甲.docx", "乙.txt", "--format", "json", "--drafter", "none")
    first, second = json.loads(out)["documents"]
    assert code == 3 and "ZeroDivisionError" in err
    assert first["problems"] and second["forms"]


@pytest.mark.parametrize(("total", "level", "code"), [("90", "error", 1), ("90", "warning", 1), (None, "error", 0)])
def test_fail_on_sets_the_exit_code_only_where_something_that_severe_was_found(tmp_path, capsys, total, level, code):
    form = clean("section")
    if total:
        form.put("scores.total", total)
    else:
        form.put("conclusion.experience", None)  # fires N02 alone, which is no error
    (tmp_path / "表.docx").write_bytes(to_docx(form))
    assert run(capsys, "review", "表.docx", "--drafter", "none", "--fail-on", level)[0] == code


def test_a_profile_changes_what_is_said(tmp_path, capsys, faulty):
    (tmp_path / "表.docx").write_bytes(to_docx(faulty))
    (tmp_path / "口径.yaml").write_text("rules: {S01: {enabled: false}}", encoding="utf-8")
    _, out, _ = run(capsys, "review", "表.docx", "--drafter", "none", "--profile", "口径.yaml")
    assert "S01" not in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["review"], "缺少参数"),
        (["review", "x.docx", "--format", "pdf"], "可选"),
        (["review", "x.docx", "--profile", "没有.yaml"], "没有.yaml"),
        (["review", "x.docx", "--out", "out"], "--format"),
        (["rules", "S77"], "S77"),
        (["eval", "checks", "."], "标注"),
        (["拿走"], "不能是"),
    ],
)
def test_wrong_usage_is_one_chinese_sentence_and_exit_2(capsys, arguments, said):
    code, out, err = run(capsys, *arguments)
    assert code == 2 and said in err and err.count("\n") == 1 and out == ""


def test_word_files_are_named_after_their_sources_and_never_overwrite_each_other(tmp_path, capsys, faulty):
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "表.docx").write_bytes(to_docx(faulty))
    (tmp_path / "乙" / "表.xlsx").write_bytes(to_xlsx(faulty))
    code, _, err = run(capsys, "review", "甲", "乙", "--drafter", "none", "--format", "docx", "--out", "结果")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "结果").iterdir()) == [
        "表-docx-1-审核意见.docx",
        "表-docx-2-审核意见.docx",
        "表-xlsx-审核意见.docx",
    ]
    assert err.count("已写入") == 3


def test_several_formats_are_written_in_one_run(tmp_path, capsys, faulty):
    (tmp_path / "表.docx").write_bytes(to_docx(faulty))
    formats = [word for name in ("json", "markdown", "docx", "xlsx") for word in ("--format", name)]
    assert run(capsys, "review", "表.docx", "--drafter", "none", *formats, "--out", "结果")[0] == 0
    written = sorted(path.name for path in (tmp_path / "结果").iterdir())
    assert written == ["审核意见.json", "审核意见.xlsx", "表-审核意见.docx", "表-审核意见.md"]


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, capsys, faulty):
    (tmp_path / "表.docx").write_bytes(to_docx(faulty))
    (tmp_path / "占用").write_text("")
    code, _, err = run(capsys, "review", "表.docx", "--drafter", "none", "--format", "docx", "--out", "占用")
    assert code == 2 and "无法写入" in err


def test_interrupting_is_tidy(tmp_path, monkeypatch, capsys, faulty):
    monkeypatch.setattr("assistant.process.worker.threading.active_count", lambda: 1)  # other tests leave threads
    from assistant.review import reviewer as review

    (tmp_path / "表.docx").write_bytes(to_docx(faulty))
    monkeypatch.setattr(review, "parse", lambda document: time.sleep(100))
    with subprocess.Popen(["sh", "-c", f"sleep 3; kill -INT {os.getpid()}"]):
        begun = time.monotonic()
        code, _, err = run(capsys, "review", "表.docx", "--drafter", "none")
    assert (code, err) == (130, "已中断。\n") and time.monotonic() - begun < 30


def test_the_log_names_fields_and_rules_but_no_text_of_the_form(tmp_path, faulty):
    (tmp_path / "表.docx").write_bytes(to_docx(faulty))
    command = [sys.executable, "-m", "assistant", "review", "表.docx", "--drafter", "none", "-v"]
    log = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True).stderr
    assert "S01 error scores.total" in log
    assert not [text for _, text in faulty.walk() if len(text) > 3 and text in log]


def test_show_read_lists_every_cell(tmp_path, capsys, faulty):
    (tmp_path / "表.docx").write_bytes(to_docx(faulty))
    _, out, _ = run(capsys, "review", "表.docx", "--drafter", "none", "--show-read")
    assert f"基本信息 › 项目负责人：{faulty.get('basic.leader')}" in out


def test_rules_lists_every_rule_and_explains_one(capsys):
    _, out, _ = run(capsys, "rules")
    assert [line[:3] for line in out.splitlines()] == list(load())
    _, out, _ = run(capsys, "rules", "s01")
    assert out.startswith("S01 总分与各项得分之和不一致")
    assert "total-mismatch" in out and "〔已核原文〕" in out
    assert "四项之和为100，总分写90（得分 › 总分为“90”） → 得分 › 总分" in out
    assert "缺一项得分，不猜" in out
    chinese, marked = out.split("技术说明（英文，供维护人员）")
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", chinese), "English stands in its own part only"
    assert "Field: `scores.total`" in marked


def test_help_names_the_commands_once_and_a_refused_choice_is_told_without_quotes_of_python(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert capsys.readouterr().out.count("\n  命令\n") == 0
    with pytest.raises(SystemExit):
        main(["policies", "search", "自评", "--format", "xml"])
    assert "不能是 xml，可选 terminal, json" in capsys.readouterr().err


@pytest.mark.parametrize("code", load())
def test_every_rule_can_be_explained(code, capsys):
    assert run(capsys, "rules", code)[0] == 0


def test_doctor_tells_what_is_there_and_no_secret(monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_MODEL", "some-model")
    monkeypatch.setenv("ASSISTANT_MODEL_BASE_URL", "https://user:gEheim@llm.example/v1")
    monkeypatch.setenv("ASSISTANT_MODEL_API_KEY", "sk-secret")
    code, out, _ = run(capsys, "doctor")
    assert code == 0
    assert "some-model，llm.example，已设密钥" in out
    assert "sk-secret" not in out and "gEheim" not in out
    assert f"{len(load())} 条" in out


def test_the_version_is_that_of_the_project(capsys):
    from importlib.metadata import version

    assert run(capsys, "--version") == (0, f"assistant {version('assistant')}\n", "")


@pytest.mark.parametrize("most", ["1234.567", "1234567.5", "9", "0.1"])
def test_the_command_that_takes_a_batch_up_again_names_the_very_ceiling_that_was_given(most):
    from assistant.commands.batch import _as_before
    from assistant.commands.cli import _parser

    arguments = _parser().parse_args(["batch", "表", "--out", "三月", "--max-cost", most])
    again = _as_before(arguments, "model")
    assert again[again.index("--max-cost") + 1] == most


def test_decisions_leaves_only_what_the_reviewer_accepted_in_their_words(tmp_path, capsys, faulty, monkeypatch):
    from assistant.decide.decisions import CLOSE, EDIT, Decisions, Person, form_key
    from assistant.parse import parse
    from assistant.read import read_bytes
    from assistant.review.remark import remarks
    from assistant.review.reviewer import Reviewer

    monkeypatch.setenv("ASSISTANT_DATABASE_URL", f"sqlite:///{tmp_path / 'reviews.sqlite'}")
    path = tmp_path / "表.docx"
    path.write_bytes(to_docx(faulty))
    code, before, _ = run(capsys, "review", path, "--drafter", "none", "--format", "text", "--decisions")
    assert code == 0 and "1." not in before
    (form,) = parse(read_bytes(path.read_bytes(), path.name))
    kept = Decisions(f"sqlite:///{tmp_path / 'reviews.sqlite'}")
    review, reviewer = Reviewer().form(form), Person("", "李审核")
    remark = next(one for one in remarks(review) if one.rule == "S01")
    run_kept = kept.save(path.name, path.read_bytes(), [form], [review], reviewer)
    kept.decide(form_key(form), run_kept, remark, EDIT, reviewer, "总分请重新汇总。")
    kept.close()
    _, after, _ = run(capsys, "review", path, "--drafter", "none", "--format", "text", "--decisions")
    assert "1. 得分 › 总分：总分请重新汇总。" in after
    assert "请给" not in after and "未处理" not in after
    asked = [
        "review",
        path,
        "--drafter",
        "none",
        "--format",
        "opinion",
        "--format",
        "notes",
        "--decisions",
        "--out",
        "out",
    ]
    code, _, told = run(capsys, *asked)
    left = len(remarks(review)) - 1
    assert left and f"还有 {left} 条意见没有处理，不出具审核意见书" in told
    assert code == 3 and [file.name for file in (tmp_path / "out").iterdir()] == ["表-审核人备注.docx"]
    kept = Decisions(f"sqlite:///{tmp_path / 'reviews.sqlite'}")
    for one in remarks(review):
        if one.key != remark.key:
            kept.decide(form_key(form), run_kept, one, CLOSE, reviewer)
    kept.close()
    code, _, told = run(capsys, *asked)
    assert code == 0 and f"采纳 1 条，结束审核时未处理 {left} 条。" in told
    from docx import Document

    letter = Document(str(tmp_path / "out" / "表-审核意见书.docx"))
    assert any("总分请重新汇总。" in paragraph.text for paragraph in letter.paragraphs)


def test_a_letter_of_what_nobody_decided_is_refused_before_the_work(tmp_path, capsys, faulty):
    (tmp_path / "表.docx").write_bytes(to_docx(faulty))
    code, _, told = run(capsys, "review", tmp_path / "表.docx", "--format", "opinion", "--out", tmp_path / "out")
    assert code == 2 and "--decisions" in told and not (tmp_path / "out").exists()
