"""The dossier of a workspace: written before anything exists, and stale when something changed."""

from datetime import UTC, datetime

import pytest

from canonical_rows import events, fixed_clock, rows_of
from leitweg.domain.access import Asker
from leitweg.domain.errors import AccessError, QuestionError
from leitweg.privacy import controls
from leitweg.reports import dossier_models
from leitweg.store import create_workspace, open_workspace
from leitweg.studies import dossier_state
from leitweg.studies.auditing import audit_entries
from leitweg.studies.dossier import check_dossier, write_dossier
from leitweg.studies.purposes import switch_purpose

COUNCIL = Asker("Kim Berger", "works-council")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "company.leitweg"


@pytest.fixture
def place(folder):
    return create_workspace(folder, profile="protected", clock=fixed_clock)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "dossier.md"


def changed(out, folder, **options):
    return check_dossier(out, folder, clock=fixed_clock, **options).changes


def put(folder, name, rows):
    with open_workspace(folder, clock=fixed_clock).writing() as change:
        change.put(name, rows)


@pytest.mark.parametrize("suffix", ["md", "pdf"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_it_is_written_before_there_is_a_workspace_and_creates_nothing(tmp_path, suffix, language):
    out = tmp_path / "papers" / f"dossier.{suffix}"
    written = write_dossier(tmp_path / "no.leitweg", out=out, language=language, asker=COUNCIL)
    assert written.is_planned
    assert written.changes == ()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["papers"]
    assert out.stat().st_size > 20_000
    assert check_dossier(out, tmp_path / "no.leitweg").is_current


def test_a_planned_dossier_is_stale_once_the_workspace_exists(folder, out):
    write_dossier(folder, out=out)
    create_workspace(folder, profile="protected", clock=fixed_clock)
    assert changed(out, folder) == ("The planned workspace has been created meanwhile.",)
    assert changed(out, folder, language="de") == (
        "Der geplante Arbeitsbereich ist inzwischen angelegt.",
    )


@pytest.mark.usefixtures("place")
def test_it_is_written_before_any_import_and_any_purpose(folder, out):
    written = write_dossier(folder, out=out, asker=COUNCIL, clock=fixed_clock)
    text = out.read_text(encoding="utf-8")
    assert not written.is_planned
    assert "created, nothing imported yet" in text
    assert text.count("never switched on") == 5
    assert check_dossier(out, folder, clock=fixed_clock).is_current


def _purpose_on(folder, _):
    switch_purpose(
        folder, "path-analysis", on=True, by="Anna Weber", basis="Art. 6", clock=fixed_clock
    )


def _purpose_again(folder, _):
    switch_purpose(
        folder, "planning", on=True, by="Jo Müller", basis="new basis", clock=fixed_clock
    )


def _rows(folder, _):
    put(folder, "events", events(("c1", 1, "p1", "A"), ("c1", 2, "p2", "B")))


def _other_rows(folder, _):
    put(folder, "units", rows_of("units", unit=["A"], name=["Claims"]))


def _setting(folder, _):
    with open_workspace(folder, clock=fixed_clock).writing() as change:
        change.update_settings(time_zone="Europe/Berlin")


def _version(_, monkeypatch):
    monkeypatch.setattr(dossier_state, "__version__", "0.2.0")


def _wording(_, monkeypatch):
    monkeypatch.setattr(dossier_state, "source_of", lambda language, part: "other words")


def _control(_, monkeypatch):
    earlier = controls.CONTROLS
    fewer = (controls.Control("C1", controls.WAITS), *earlier[1:])
    monkeypatch.setattr(dossier_state, "CONTROLS", fewer)


def _model(_, monkeypatch):
    monkeypatch.setattr(dossier_state, "MODELS", dossier_models.MODELS[1:])


CHANGES = {
    "purpose-on": (_purpose_on, ("Purpose path analysis was switched on.",)),
    "purpose-again": (
        _purpose_again,
        ("Purposes, their legal bases or those responsible have changed.",),
    ),
    "first-rows": (_rows, ("Newly stored: events", "What is stored has changed.")),
    "other-rows": (_other_rows, ("What is stored has changed.",)),
    "setting": (_setting, ("Settings changed: time_zone",)),
    "version": (_version, ("Version: 0.1.0 → 0.2.0",)),
    "wording": (_wording, ("The wording of the dossier is another one.",)),
    "control": (_control, ("State of controls changed: C1",)),
    "model": (_model, ("Models, their inputs or measurements have changed.",)),
}


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("name", CHANGES)
def test_a_dossier_goes_stale_with_each_part_it_describes(name, folder, out, monkeypatch):
    change, told = CHANGES[name]
    switch_purpose(folder, "planning", on=True, by="Anna", basis="Art. 6", clock=fixed_clock)
    put(folder, "units", rows_of("units", unit=["A"], name=["Sales"]))
    write_dossier(folder, out=out, clock=fixed_clock)
    assert changed(out, folder) == ()
    change(folder, monkeypatch)
    assert changed(out, folder) == told
    # and the next dossier says the same, and is up to date again
    written = write_dossier(folder, out=out, clock=fixed_clock)
    assert written.changes == told
    assert all(sentence in _plain(out) for sentence in told)
    assert changed(out, folder) == ()
    assert write_dossier(folder, out=out, clock=fixed_clock).changes == ()


def _plain(out):
    return out.read_text(encoding="utf-8").replace("\\", "")


@pytest.mark.usefixtures("place")
def test_asking_and_checking_change_nothing(folder, out):
    write_dossier(folder, out=out, clock=fixed_clock)
    for _ in range(3):
        assert changed(out, folder) == ()


@pytest.mark.usefixtures("place")
def test_a_dossier_of_another_workspace_is_told(folder, tmp_path, out):
    other = tmp_path / "other.leitweg"
    create_workspace(other, profile="protected", clock=fixed_clock)
    write_dossier(other, out=out, clock=fixed_clock)
    assert changed(out, folder) == ("The dossier describes another workspace, or another profile.",)
    assert changed(out, tmp_path / "none.leitweg") == ("The workspace is not there any more.",)


@pytest.mark.usefixtures("place")
def test_without_what_the_workspace_remembers_the_part_is_told(folder, out, monkeypatch):
    write_dossier(folder, out=out, clock=fixed_clock)
    monkeypatch.setattr("leitweg.studies.dossier.dossier_of", lambda *_: None)
    _purpose_on(folder, None)
    assert changed(out, folder) == (
        "Purposes, their legal bases or those responsible have changed.",
    )


@pytest.mark.usefixtures("place")
def test_what_is_remembered_names_nobody(folder, out):
    _purpose_on(folder, None)
    with open_workspace(folder, clock=fixed_clock).writing() as change:
        change.update_settings(front=["mara.musterfrau@example.org"])
    write_dossier(folder, out=out, clock=fixed_clock)
    now = dossier_state.described(open_workspace(folder), "protected", ())
    assert "Anna" not in str(now.facts)
    assert "musterfrau" not in str(now.facts)
    assert "musterfrau" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("role", ["owner", "works-council", "data-protection-officer"])
def test_who_may_write_and_check(role, folder, out, place):
    assert place.is_untouched
    write_dossier(folder, out=out, asker=Asker("x", role), clock=fixed_clock)
    assert check_dossier(out, folder, asker=Asker("x", role), clock=fixed_clock).is_current
    entries = audit_entries(folder, of_action="dossier", clock=fixed_clock)
    assert [(e.role, e.outcome, e.purpose) for e in entries] == [(role, "allowed", None)] * 2


@pytest.mark.parametrize("role", ["analyst", "administrator", "person"])
@pytest.mark.parametrize("exists", [True, False])
def test_who_may_not(role, exists, folder, out):
    if exists:
        create_workspace(folder, profile="protected", clock=fixed_clock)
    with pytest.raises(AccessError) as refused:
        write_dossier(folder, out=out, asker=Asker("x", role), clock=fixed_clock)
    assert refused.value.code == "not-allowed"
    assert not out.exists()


def test_an_open_workspace_has_a_dossier_that_warns(folder, out):
    create_workspace(folder, profile="open", clock=fixed_clock)
    write_dossier(folder, out=out, language="de", clock=fixed_clock)
    text = out.read_text(encoding="utf-8")
    assert "Dieser Arbeitsbereich hat das Profil open." in text
    assert "im Profil open immer" in text
    assert check_dossier(out, folder, clock=fixed_clock).is_current


@pytest.mark.usefixtures("place")
def test_rows_and_months_are_read_off(folder, out):
    at = [int(datetime(2025, m, 1, tzinfo=UTC).timestamp() * 1e6) for m in (2, 3, 4, 5, 6, 11)]
    put(folder, "events", events(*((f"c{i}", t, "p", "A") for i, t in enumerate(at))))
    put(folder, "people", rows_of("people", person=["p1", "p2", "p3"]))
    write_dossier(folder, out=out, clock=fixed_clock)
    rows = [line for line in out.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert next(r for r in rows if "`events`" in r).endswith("| 6 | 2025-02 – 2025-11 |")
    assert next(r for r in rows if "`people`" in r).endswith("| under 5 | – |")


@pytest.mark.parametrize("content", [None, b"", b"hello", b"leitweg-dossier:1;made=zz"])
def test_what_is_no_dossier_is_said(content, tmp_path, folder):
    file = tmp_path / "some.pdf"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(QuestionError) as refused:
        check_dossier(file, folder)
    assert refused.value.code == "no-dossier"


def test_an_entry_that_looks_like_a_mark_deceives_nobody(folder, out):
    fake = "leitweg-dossier:1;made=1;version=0"
    switch_purpose(folder, "survey", on=True, by="A", basis=fake, clock=fixed_clock)
    write_dossier(folder, out=out, clock=fixed_clock)
    assert changed(out, folder) == ()
    pdf = out.with_suffix(".pdf")
    write_dossier(folder, out=pdf, clock=fixed_clock)
    assert changed(pdf, folder) == ()


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [("a.docx", "docx", "unknown-format"), ("a.md", "pdf", "suffix-format")],
)
def test_a_format_that_is_none_is_refused(name, given, code, tmp_path, folder):
    with pytest.raises(QuestionError) as refused:
        write_dossier(folder, out=tmp_path / name, format=given)
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []
