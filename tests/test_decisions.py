"""Reviews and decisions in the database: the same on SQLite and PostgreSQL, nothing lost, and what a person deletes told in a log."""

from __future__ import annotations

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from assistant.decide.decisions import (
    ACCEPT,
    CLOSE,
    EDIT,
    MIGRATIONS,
    REJECT,
    UNDO,
    Base,
    Decision,
    Decisions,
    Loss,
    Person,
    accepted,
    accepted_document,
    form_key,
    outcome,
)
from assistant.draft.suggestion import Withdrawn, Withheld
from assistant.errors import DatabaseError, DeletedError, EmptyCommentError, StaleError
from assistant.export.plain import plain_text
from assistant.form.finding import Finding
from assistant.parse import parse
from assistant.read import read_bytes
from assistant.review.earlier import recalled
from assistant.review.remark import remarks
from assistant.review.reviewer import DocumentReview, Reviewer
from assistant.rules.clean import clean
from tests import postgres
from tests.documents import to_docx

ME, OTHER = Person("https://id.example li", "李审核"), Person("https://id.example zhou", "周复核")


@pytest.fixture(scope="session")
def postgres_url():
    programs = postgres.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with postgres.started(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'reviews.sqlite'}"
    address = request.getfixturevalue("postgres_url")
    engine = sqlalchemy.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return address


@pytest.fixture
def database(url):
    opened = Decisions(url)
    yield opened
    opened.close()


@pytest.fixture
def form():
    """Two faults: a wrong telephone number, a total that is not the sum."""
    form = clean("section")
    form.put("basic.phone", "12")
    form.put("scores.total", "60")
    return form


@pytest.fixture
def review(form):
    return Reviewer(drafter="template").form(form)


@pytest.fixture
def remark(review):
    return next(one for one in remarks(review) if one.rule == "B05")


@pytest.fixture
def run(database, form, review):
    return database.save("表.docx", b"as it came", [form], [review], ME)


def test_a_review_is_kept_with_its_source_its_versions_and_who_made_it(database, form, review, run):
    (record,) = database.records(run)
    assert (record.source_name, record.who, record.number, record.form_key) == ("表.docx", "李审核", 1, form_key(form))
    assert database.source(record.source_sha256) == b"as it came"
    assert {one["rule"] for one in record.findings} == {one.rule for one in review.findings}
    assert record.suggestions[0]["comment"] == review.suggestions[0].comment
    assert record.program and record.policies and record.at.tzinfo


def test_decisions_outlive_the_program(database, url, form, remark, run):
    database.decide(form_key(form), run, remark, ACCEPT, ME)
    database.close()
    again = Decisions(url)
    decision = again.in_force(form_key(form))[remark.key]
    assert (decision.action, decision.who, decision.comment) == (ACCEPT, "李审核", remark.body)
    again.close()


def test_an_edit_keeps_the_draft_beside_the_reviewers_words(database, form, remark, run):
    database.decide(form_key(form), run, remark, EDIT, ME, "请核实电话。")
    decision = database.in_force(form_key(form))[remark.key]
    assert (decision.comment, decision.draft_comment, decision.kept) == ("请核实电话。", remark.body, True)


def test_undo_is_a_row_of_its_own_and_brings_back_what_was_decided_before(database, form, remark, run):
    key = form_key(form)
    database.decide(key, run, remark, ACCEPT, ME)
    database.decide(key, run, remark, REJECT, OTHER)
    database.undo(key, run, remark.key, ME)
    assert database.in_force(key)[remark.key].action == ACCEPT
    database.undo(key, run, remark.key, ME)
    assert database.in_force(key) == {}
    assert database.undo(key, run, remark.key, ME) is None
    assert [row.action for row in database.rows(key)] == [ACCEPT, REJECT, UNDO, UNDO]


def test_what_was_decided_on_something_that_changed_meanwhile_is_refused(database, form, remark, run):
    key = form_key(form)
    first = database.decide(key, run, remark, ACCEPT, ME, seen=0)
    for late in (
        lambda: database.decide(key, run, remark, REJECT, OTHER, seen=0),
        lambda: database.undo(key, run, remark.key, OTHER, seen=0),
    ):
        with pytest.raises(StaleError, match="另一窗口已先处理"):
            late()
    assert [row.action for row in database.rows(key)] == [ACCEPT]
    database.decide(key, run, remark, REJECT, OTHER, seen=first.id)
    assert database.standing(key)[remark.key].version == database.rows(key)[-1].id
    database.correct(run, 1, "basic.phone", "1", ME, seen=0)
    with pytest.raises(StaleError):
        database.correct(run, 1, "basic.phone", "2", OTHER, seen=0)
    assert database.corrections(run, 1) == {"basic.phone": "1"}


def test_of_many_that_decide_at_once_on_the_same_version_one_is_kept(database, form, review, remark, run):
    key = form_key(form)
    runs = [run, *(database.save(f"{at}.docx", b"elsewhere", [form], [review], OTHER) for at in range(3))]

    def decide(run: str) -> bool:
        try:
            database.decide(key, run, remark, ACCEPT, ME, seen=0)
        except StaleError:
            return False
        return True

    with ThreadPoolExecutor(4) as several:
        assert sorted(several.map(decide, runs)) == [False, False, False, True]
    assert len(database.rows(key)) == 1


def test_what_is_sent_twice_is_kept_once(database, form, remark, run):
    key = form_key(form)
    for _ in range(2):
        database.decide(key, run, remark, ACCEPT, ME, seen=0, event="click-1")
    for _ in range(2):
        database.undo(key, run, remark.key, ME, seen=database.version_of("click-1"), event="click-2")
    for _ in range(2):
        database.correct(run, 1, "basic.phone", "1", ME, seen=0, event="click-3")
    assert [row.action for row in database.rows(key)] == [ACCEPT, UNDO]
    assert database.version_of("click-3") and database.version_of("click-4") is None


def test_the_words_of_an_edit_that_was_taken_back_are_still_there(database, form, remark, run):
    key = form_key(form)
    database.decide(key, run, remark, ACCEPT, ME)
    database.decide(key, run, remark, EDIT, ME, "请核实电话。")
    database.undo(key, run, remark.key, ME)
    standing = database.standing(key)[remark.key]
    assert (standing.decision.action, standing.undone.comment) == (ACCEPT, "请核实电话。")
    database.decide(key, run, remark, REJECT, ME)
    assert database.standing(key)[remark.key].undone is None


@pytest.mark.parametrize("comment", ["", " \n\u3000"])
def test_a_comment_without_a_word_is_not_accepted(database, form, remark, run, comment):
    with pytest.raises(EmptyCommentError, match="审核意见是空的"):
        database.decide(form_key(form), run, remark, EDIT, ME, comment)
    assert database.rows(form_key(form)) == []
    database.decide(form_key(form), run, remark, REJECT, ME, comment)


def test_a_remark_rejected_once_stays_rejected_when_the_same_form_comes_in_another_file(database, form, remark, run):
    (from_word,) = parse(read_bytes(to_docx(form), "别的名字.docx"))
    (again,) = parse(read_bytes(to_docx(form), "再来一份.docx"))
    assert form_key(from_word) == form_key(again)
    database.decide(form_key(from_word), run, remark, REJECT, ME)
    found = [one for one in remarks(Reviewer(drafter="none").form(again)) if one.rule == "B05"]
    assert [database.in_force(form_key(again))[one.key].action for one in found] == [REJECT]


def test_a_form_with_another_cell_is_another_form(form):
    before = form_key(form)
    form.put("basic.leader", "改过的人")
    assert form_key(form) != before


def test_only_what_was_accepted_is_exported_in_the_reviewers_words(database, form, review, remark, run):
    key = form_key(form)
    others = [one for one in remarks(review) if one.key != remark.key]
    database.decide(key, run, remark, EDIT, ME, "请核实电话。", "0351-1234567")
    for one in others:
        database.decide(key, run, one, REJECT, ME)
    kept = accepted(review, database.in_force(key))
    (said,) = remarks(kept)
    assert (said.rule, said.body, said.rewrite, said.origin) == ("B05", "请核实电话。", "0351-1234567", "reviewer")
    assert outcome(review, database.in_force(key)).told() == f"采纳 1 条，不采纳 {len(others)} 条" and kept.settled
    assert "请核实电话。\n   建议写法：0351-1234567" in plain_text(kept)


def test_nothing_accepted_is_not_nothing_found(review):
    kept = accepted_document(DocumentReview("表.docx", "", [review]), [{}])
    from assistant.export.markdown import markdown

    assert "没有采纳的意见" in markdown(kept) and "未发现问题" not in markdown(kept)
    assert kept.forms[0].undecided == len(remarks(review)) and not kept.forms[0].settled
    assert "未处理" not in markdown(kept)


def test_a_remark_left_out_when_the_form_was_closed_neither_goes_out_nor_counts_as_wrong(database, form, review, run):
    key = form_key(form)
    first, *others = remarks(review)
    for one in (first, *others):
        database.decide(key, run, one, CLOSE, ME)
    became = outcome(review, database.in_force(key))
    assert (len(became.closed), became.rejected, became.undecided) == (1 + len(others), [], [])
    assert accepted(review, database.in_force(key)).settled
    database.undo(key, run, first.key, ME)
    assert [one.key for one in outcome(review, database.in_force(key)).undecided] == [first.key]


def test_corrections_are_kept_and_the_last_one_counts(database, run):
    database.correct(run, 1, "basic.phone", "0351-1234567", ME)
    database.correct(run, 1, "basic.phone", None, ME)
    assert database.corrections(run, 1) == {"basic.phone": None}
    assert database.corrections(run, 2) == {}


def test_history_is_each_persons_own_latest_first(database, form, review, run):
    later = database.save("二.docx", b"2", [form, form], [review, review], ME)
    database.save("别人的.docx", b"3", [form], [review], OTHER)
    assert [(one.run, one.source_name) for one in database.history(ME.id)] == [(later, "二.docx"), (run, "表.docx")]
    assert [one.source_name for one in database.history(ME.id, most=1)] == ["二.docx"]


def test_the_findings_of_a_run_are_those_of_each_forms_last_review(database, form, review, run):
    nothing = replace(review, findings=[])
    two = database.save("二.docx", b"2", [form, form], [nothing, review], ME)
    assert database.found([run, two]) == {run: len(review.findings), two: len(review.findings)}
    database.save("二.docx", b"2", [form], [nothing], ME, two, 2)
    assert database.found([two]) == {two: 0}


def test_a_source_reviewed_before_is_found_for_the_person_who_reviewed_it(database, form, review, run):
    sha256 = hashlib.sha256(b"as it came").hexdigest()
    assert database.latest_run(ME.id, sha256) == run
    later = database.save("换了名字.docx", b"as it came", [form], [review], ME)
    assert database.latest_run(ME.id, sha256) == later
    assert database.latest_run(OTHER.id, sha256) is None


def test_a_form_drafted_anew_replaces_its_record_in_the_run(database, form, review, run):
    review.suggestions[0].comment = "新的意见"
    database.save("表.docx", b"as it came", [form], [review], ME, run, 1)
    (record,) = database.records(run)
    assert record.suggestions[0]["comment"] == "新的意见"


def test_what_a_model_wrote_and_was_not_used_is_kept_with_the_review(database, form, review):
    soft = Finding("G01", "warning", "goals.output", "产出目标没有数量。")
    review.withheld = [Withheld("scores.total", "S01", "总分应为97分。", ["表中没有这个数：97"], 0, True)]
    review.withdrawn = [Withdrawn(soft, "目标中已写明场次。", "48场次")]
    (record,) = database.records(database.save("表.docx", b"x", [form], [review], ME))
    again = recalled(
        Reviewer(drafter="template").form(form), record.findings, record.suggestions, record.withheld, record.withdrawn
    )
    assert (again.withheld, again.withdrawn) == (review.withheld, review.withdrawn)


def test_a_finding_that_was_withdrawn_is_withdrawn_when_the_review_is_taken_up_again(form, review):
    gone, *left = review.findings
    assert left and gone.rule != left[0].rule
    withdrawn = [Withdrawn(gone, "表中已有说明。", "已有说明").to_json()]
    again = recalled(review, [], [], [], withdrawn)
    assert [one.rule for one in again.findings] == [one.rule for one in left]
    assert [again.findings[one.finding].rule for one in again.suggestions] == [one.rule for one in again.suggestions]
    assert {at: len(clauses) for at, clauses in again.retrieved.items()} == {
        at - 1: len(clauses) for at, clauses in review.retrieved.items() if at
    }


def test_a_models_wording_is_found_again_where_only_the_marks_of_a_message_changed(form, review):
    review.suggestions[0].origin = "model"
    review.suggestions[0].comment = "模型写的意见"
    before = [finding.to_json() for finding in review.findings]
    for one in before:
        one["message"] = one["message"].replace("“", "「").replace("”", "」")
    again = recalled(Reviewer(drafter="template").form(form), before, [review.suggestions[0].to_json()])
    assert "模型写的意见" in [one.comment for one in again.suggestions]


def test_a_database_of_the_first_program_opens_with_its_reviews_and_decisions(url, form, review, remark):
    key = form_key(form)
    older = Decisions(url)
    run = older.save("表.docx", b"as it came", [form], [review], ME)
    older.decide(key, run, remark, ACCEPT, ME)
    older.decide(key, run, remark, REJECT, ME)
    older.undo(key, run, remark.key, ME)
    older.correct(run, 1, "basic.phone", "1", ME)
    older.correct(run, 1, "basic.phone", "2", ME)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with older._engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        columns = {one["name"] for one in sqlalchemy.inspect(connection).get_columns("reviews")}
        assert not columns & {"withheld", "withdrawn", "brief"}
        assert not sqlalchemy.inspect(connection).has_table("deletions")
    older.close()
    opened = Decisions(url)
    (record,) = opened.records(run)
    assert (record.withheld, record.withdrawn, record.brief) == ([], [], "")
    assert record.suggestions[0]["comment"] == review.suggestions[0].comment
    assert opened.in_force(key)[remark.key].action == ACCEPT
    assert [row.seen for row in opened.rows(key)] == [0, *(row.id for row in opened.rows(key)[:-1])]
    assert opened.corrections(run, 1) == {"basic.phone": "2"}
    opened.decide(key, run, remark, REJECT, ME, seen=opened.rows(key)[-1].id)
    with opened._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    opened.close()


# --- deleting --------------------------------------------------------------------------------


def test_a_deleted_run_is_gone_with_its_source_its_corrections_and_its_decisions(database, form, remark, run):
    key = form_key(form)
    database.decide(key, run, remark, ACCEPT, ME)
    database.undo(key, run, remark.key, ME)
    database.correct(run, 1, "basic.phone", "0351-1234567", ME)
    sha256 = hashlib.sha256(b"as it came").hexdigest()
    assert database.loss(run, ME) == Loss(forms=1, corrections=1, decisions=2, kept=0, source=True)
    database.delete(run, ME)
    assert (database.records(run), database.history(ME.id), database.rows(key)) == ([], [], [])
    assert database.corrections(run, 1) == {} and database.latest_run(ME.id, sha256) is None
    with pytest.raises(DatabaseError):
        database.source(sha256)


def test_what_was_deleted_stays_deleted_while_another_window_is_open_on_it(database, form, review, remark, run):
    key = form_key(form)
    database.save("同一张表.docx", b"elsewhere", [form], [review], OTHER)
    database.decide(key, run, remark, ACCEPT, ME)
    database.delete(run, ME)
    before = len(database.rows(key))
    for late in (
        lambda: database.decide(key, run, remark, REJECT, ME),
        lambda: database.undo(key, run, remark.key, ME),
        lambda: database.correct(run, 1, "basic.phone", "0351-1234567", ME),
        lambda: database.save("表.docx", b"as it came", [form], [review], ME, run, 1),
    ):
        with pytest.raises(DeletedError, match="已在别处删除，刚才的操作没有保存"):
            late()
    assert len(database.rows(key)) == before and database.corrections(run, 1) == {} and database.records(run) == []
    with pytest.raises(DatabaseError):
        database.source(hashlib.sha256(b"as it came").hexdigest())


def test_the_log_says_who_deleted_what_and_when_and_how_much_went_with_it(database, form, remark, run):
    database.decide(form_key(form), run, remark, REJECT, ME)
    database.delete(run, ME)
    (entry,) = database.deletions(ME.id)
    assert (entry.who, entry.user, entry.run, entry.source_name) == ("李审核", ME.id, run, "表.docx")
    assert (entry.project, entry.forms, entry.decisions) == (form.get("basic.project_name"), 1, 1)
    assert entry.at.tzinfo and database.deletions(OTHER.id) == []


def test_decisions_and_the_source_stay_while_another_run_needs_them(database, form, review, remark, run):
    key = form_key(form)
    others = database.save("别人的.docx", b"as it came", [form], [review], OTHER)
    database.decide(key, run, remark, ACCEPT, ME)
    assert database.loss(run, ME) == Loss(forms=1, corrections=0, decisions=0, kept=1, source=False)
    database.delete(run, ME)
    assert database.in_force(key)[remark.key].action == ACCEPT
    assert database.source(database.records(others)[0].source_sha256) == b"as it came"


def test_nobody_deletes_the_run_of_another(database, run):
    assert database.loss(run, OTHER) is None and database.delete(run, OTHER) is None
    assert len(database.records(run)) == 1 and database.deletions(OTHER.id) == []
    assert database.delete("0" * 32, ME) is None


def test_a_record_tells_one_form_of_a_project_from_another(database, form, review):
    form.put("scores.total", "61")
    run = database.save("粘贴的文字", b"1", [form, form], [review, review], ME)
    brief = database.records(run)[0].brief
    assert form.get("basic.implementing_unit") in brief and "总分61" in brief and "共2张表" in brief


def test_the_migrations_make_the_tables_the_program_knows(database):
    with database._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_database_of_a_newer_program_is_refused(database, url):
    with database._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseError, match="升级程序"):
        Decisions(url)


def test_two_remarks_of_one_rule_on_one_field_are_told_apart(review):
    review.findings.append(review.findings[0])
    keys = [one.key for one in remarks(review)]
    assert len(keys) == len(set(keys))


def test_the_file_is_the_persons_alone(tmp_path):
    path = tmp_path / "reviews.sqlite"
    Decisions(f"sqlite:///{path}").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("没有这样的地址", "不是数据库地址"),
        ("mysql://u:geheim@h/d", "不支持 mysql"),
        ("postgresql://u:geheim@127.0.0.1:1/d", "无法打开"),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_sentence_without_the_password(url, said):
    with pytest.raises(DatabaseError) as caught:
        Decisions(url)
    assert said in str(caught.value) and "geheim" not in str(caught.value)


def test_every_action_fits_its_column():
    assert all(len(one) <= Decision.__table__.c.action.type.length for one in (ACCEPT, EDIT, REJECT, CLOSE, UNDO))
