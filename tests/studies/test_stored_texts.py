"""What becomes of the texts of requests: open keeps them, protected keeps keyed numbers alone."""

import json

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from rights_fixture import texts_on_disk

from canonical_rows import fixed_clock
from leitweg.domain.imports import ImportOptions
from leitweg.domain.tables import TABLES
from leitweg.engine.request_rows import load_requests
from leitweg.privacy.text_features import features_under
from leitweg.store import delta, open_workspace
from leitweg.studies.documents import import_document
from leitweg.studies.exporting import export
from leitweg.studies.file_identity import hashes_of_rows
from leitweg.studies.importing import import_files
from leitweg.studies.person_export import export_person, own_data_document
from leitweg.studies.person_rights import erase_person
from leitweg.studies.rekeying import rekey
from purposes import allow

OPTIONS = ImportOptions(mapping={"text": "subject+body"}, time_zone="UTC")
LOG = """case_id,at,person,unit,subject,body
V1,2026-01-01 08:00,anna.gruen,Vertrieb,Störung,Die Heizungsanlage ist kaputt
V1,2026-01-02 08:00,bodo,Service,AW,Antwort von innen
V2,2026-01-03 08:00,bodo,Service,,
V3,2026-01-04 08:00,cora,Service,Gruß an anna.gruen,Zahlung fehlt
"""
LATER = """case_id,at,person,unit,subject,body
V4,2026-01-05 08:00,cora,Service,STOERUNG,Heizung kaputt
"""


def home_of(folder, profile):
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    (folder / "later.csv").write_text(LATER, encoding="utf-8")
    import_files(folder / "w", [folder / "log.csv"], OPTIONS, profile=profile, clock=fixed_clock)
    return folder


@pytest.fixture
def opened(tmp_path):
    return home_of(tmp_path, "open")


@pytest.fixture
def protected(tmp_path):
    return home_of(tmp_path, "protected")


def features(workspace):
    """Numbers of every case, by the text that they are of."""
    place = open_workspace(workspace)
    cases = place.read("cases").sort_by("opened_us")
    events = place.read("events").sort_by("at_us")
    order = list(dict.fromkeys(events["case_id"].to_pylist()))
    found = dict(zip(cases["case_id"].to_pylist(), cases["text_features"].to_pylist(), strict=True))
    return [found[case] for case in order]


def test_open_keeps_the_text_of_the_first_event_and_no_numbers(opened):
    cases = open_workspace(opened / "w").read("cases").sort_by("case_id")
    assert cases["text"].to_pylist() == [
        "Störung\nDie Heizungsanlage ist kaputt",
        None,
        "Gruß an anna.gruen\nZahlung fehlt",
    ]
    assert cases["text_features"].null_count == 3


def test_protected_keeps_numbers_and_no_text(protected):
    place = open_workspace(protected / "w")
    assert place.read("cases")["text"].null_count == 3
    hashes = features_under(place.key())
    first, second, third = features(protected / "w")
    assert first == hashes.of("Störung\nDie Heizungsanlage ist kaputt").tolist()
    assert second is None
    # the name of a colleague is no word of the request
    assert third == hashes.of("Gruß an … Zahlung fehlt").tolist()
    told = texts_on_disk(protected / "w")
    for word in ("Störung", "kaputt", "Zahlung", "Antwort", "zahlung", "stoerung"):
        assert word not in told


def test_the_names_taken_out_are_told_in_numbers(tmp_path):
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    report = import_files(tmp_path / "w", [tmp_path / "log.csv"], OPTIONS, clock=fixed_clock)
    assert "Texts from which names and addresses of people were taken: 1." in report.warnings


@pytest.mark.parametrize("profile", ["open", "protected"])
def test_a_dry_run_shows_no_text(tmp_path, profile):
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    report = import_files(
        *(tmp_path / "w", [tmp_path / "log.csv"], OPTIONS),
        profile=profile,
        dry_run=True,
        clock=fixed_clock,
    )
    assert report.imported[0].mapping["text"] == "subject+body"
    told = json.dumps(import_document(report, dry_run=True), ensure_ascii=False, default=str)
    assert len(report.samples["cases"]) == 3
    assert not {"text", "text_features"} & set(report.samples["cases"][0])
    assert "Heizung" not in told


def test_export_of_cases_shows_texts_in_open_alone(opened, tmp_path):
    allow(opened / "w")
    assert export(opened / "w", "cases", "csv", tmp_path / "cases.csv") == 3
    written = (tmp_path / "cases.csv").read_text(encoding="utf-8")
    assert "Die Heizungsanlage ist kaputt" in written
    assert written.splitlines()[0].endswith("attributes,text")


def test_numbers_after_a_new_key_meet_those_of_later_files(protected):
    before = features(protected / "w")
    rekey(protected / "w")
    after = features(protected / "w")
    assert [numbers is None for numbers in after] == [False, True, False]
    assert len(set(before[0]) & set(after[0])) <= 1
    import_files(protected / "w", [protected / "later.csv"], OPTIONS, clock=fixed_clock)
    later = features(protected / "w")[3]
    hashes = features_under(open_workspace(protected / "w").key())
    assert later == hashes.of("Störung Heizung kaputt").tolist()
    # 'stoerung' and 'kaputt' as words, their parts, and those that 'heizung' shares
    shared = set(after[0]) & set(later)
    assert set(hashes.of("Störung kaputt").tolist()) <= shared
    assert after[0] == hashes.of("Störung\nDie Heizungsanlage ist kaputt").tolist()


def test_the_router_reads_the_same_numbers_from_both_profiles(opened, tmp_path_factory):
    shut = home_of(tmp_path_factory.mktemp("shut"), "protected")
    one, other = open_workspace(opened / "w"), open_workspace(shut / "w")
    hashes = features_under(None)
    ids = pa.array(["V1", "V2"])
    read = load_requests({"cases": one.files("cases")}, ids, featurise=hashes.of_many).text
    assert read.row(0).tolist() == hashes.of("Störung Die Heizungsanlage ist kaputt").tolist()
    assert read.row(1).tolist() == []
    stored = load_requests({"cases": other.files("cases")}, other.read("cases")["case_id"])
    assert stored.text.offsets.size == 4


def test_a_second_table_may_bring_the_texts(protected):
    text = "case_id,opened,words\nV2,2026-01-03 08:00,Kabel gerissen\n"
    (protected / "texts.csv").write_text(text, encoding="utf-8")
    options = ImportOptions(kind="cases", mapping={"text": "words"}, time_zone="UTC")
    import_files(protected / "w", [protected / "texts.csv"], options, clock=fixed_clock)
    hashes = features_under(open_workspace(protected / "w").key())
    assert features(protected / "w")[1] == hashes.of("Kabel gerissen").tolist()


def test_a_workspace_of_an_older_version_knows_no_texts_and_takes_new_ones(
    protected, tmp_path, monkeypatch
):
    place = open_workspace(protected / "w")
    with place.writing() as change:
        older = change.read("cases").drop_columns(["text", "text_features"])
        folder = protected / "w" / "tables" / "cases"
        monkeypatch.setattr(change, "_put", {"cases": older})
    assert delta.files_of(folder, place._manifest.tables["cases"].version)
    assert open_workspace(protected / "w").read("cases")["text_features"].null_count == 3
    import_files(protected / "w", [protected / "later.csv"], OPTIONS, clock=fixed_clock)
    assert [numbers is None for numbers in features(protected / "w")] == [True, True, True, False]


def test_files_of_an_older_version_stay_known(tmp_path):
    # the hash of rows without a text is what it was before cases had one
    names = [name for name in TABLES["cases"].names if "text" not in name]
    rows = TABLES["cases"].schema.empty_table()
    rows = pa.concat_tables(
        [rows, pa.Table.from_pylist([{"case_id": "V1"}], schema=TABLES["cases"].schema)]
    )
    assert hashes_of_rows({"cases": rows}, None) == hashes_of_rows(
        {"cases": rows.select(names)}, None
    )
    place = rows.column_names.index("text")
    filled = rows.set_column(place, rows.schema.field(place), pa.array(["help"]))
    assert hashes_of_rows({"cases": filled}, None) != hashes_of_rows({"cases": rows}, None)


def test_an_erased_person_takes_the_texts_of_cases_that_nobody_else_held(protected):
    allow(protected / "w")
    own = own_data_document(export_person(protected / "w", ["cora"], clock=fixed_clock), "de")
    assert "text_features" not in json.dumps(own)
    erase_person(protected / "w", ["cora"], clock=fixed_clock)
    place = open_workspace(protected / "w")
    assert pc.sum(pc.is_valid(place.read("cases")["text_features"])).as_py() == 1


def test_people_of_earlier_files_are_known_in_later_texts(protected):
    head = "case_id,at,person,unit,words\n"
    options = ImportOptions(mapping={"text": "words"}, time_zone="UTC")
    for row in (
        "V5,2026-01-06 08:00,Emil Rot,Service,",
        "V6,2026-01-07 08:00,dora,Service,Emil Rot",
    ):
        file = protected / f"{row[:2]}.csv"
        file.write_text(f"{head}{row} rief an\n", encoding="utf-8")
        import_files(protected / "w", [file], options, clock=fixed_clock)
    hashes = features_under(open_workspace(protected / "w").key())
    assert features(protected / "w")[3:] == [hashes.of("rief an").tolist()] * 2


def test_an_excluded_account_takes_the_text_of_its_case_along(protected):
    options = ImportOptions(mapping={"text": "subject+body"}, time_zone="UTC", exclude=("cora",))
    import_files(protected / "w", [protected / "later.csv"], options, clock=fixed_clock)
    cases = open_workspace(protected / "w").read("cases")
    assert len(cases) == 2
    assert cases["text_features"].null_count == 1
