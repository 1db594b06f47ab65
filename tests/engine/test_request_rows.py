"""What was known of requests comes in the order of the cases asked for, first value first."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from canonical_rows import rows_of
from leitweg.domain.routing import Ragged
from leitweg.engine.request_rows import load_requests


def written(tmp_path, *tables: pa.Table):
    files = []
    for number, rows in enumerate(tables):
        files.append(tmp_path / f"{number}.parquet")
        pq.write_table(rows, files[-1])
    return {"cases": files}


def values(column):
    return [column.labels[code] if code >= 0 else None for code in column.codes]


def test_columns_stand_in_the_order_of_the_cases_asked_for(tmp_path):
    cases = rows_of(
        "cases",
        case_id=["a", "b", "c", "unasked"],
        topic=["Paint", "Wheels", None, "Roof"],
        kind=["complaint", "request", "complaint", "request"],
        attributes=[
            [("product", "X"), ("country", "SE")],
            [("country", "DE")],
            None,
            [("product", "Z")],
        ],
    )
    found = load_requests(written(tmp_path, cases), pa.array(["c", "unknown", "b", "a"]))
    assert list(found.attributes) == ["kind", "topic", "country", "product"]
    assert values(found.attributes["topic"]) == [None, None, "Wheels", "Paint"]
    assert values(found.attributes["kind"]) == ["complaint", None, "request", "complaint"]
    assert values(found.attributes["country"]) == [None, None, "DE", "SE"]
    assert values(found.attributes["product"]) == [None, None, None, "X"]
    assert found.attributes["country"].labels == ("DE", "SE")
    assert found.attributes["product"].labels == ("X",)
    assert found.text is None


def test_the_first_import_that_names_a_value_holds(tmp_path):
    first = rows_of("cases", case_id=["a", "b"], topic=[None, "Roof"])
    second = rows_of("cases", case_id=["b", "a"], topic=["Wheels", "Paint"])
    found = load_requests(written(tmp_path, first, second), pa.array(["a", "b"]))
    assert values(found.attributes["topic"]) == ["Paint", "Roof"]


def test_files_of_an_older_version_know_no_text(tmp_path):
    older = rows_of("cases", case_id=["a"], topic=["Paint"]).drop_columns(["text", "text_features"])
    found = load_requests(written(tmp_path, older), pa.array(["a"]))
    assert values(found.attributes["topic"]) == ["Paint"]
    assert found.text is None


def test_features_keep_their_rows(tmp_path):
    cases = rows_of("cases", case_id=["a", "b", "c"], text_features=[[3, 3, 9], None, [1]])
    found = load_requests(written(tmp_path, cases), pa.array(["c", "x", "b", "a"]))
    assert found.text.offsets.tolist() == [0, 1, 1, 1, 4]
    assert found.text.values.tolist() == [1, 3, 3, 9]
    assert load_requests(written(tmp_path, cases), pa.array(["c"]), with_text=False).text is None


def test_texts_are_turned_into_features_by_who_can(tmp_path):
    def lengths(texts):
        counted = [[len(text)] if text else [] for text in texts]
        offsets = np.cumsum([0, *(len(numbers) for numbers in counted)])
        return Ragged(offsets, np.concatenate(counted).astype(np.int32))

    cases = rows_of("cases", case_id=["a", "b", "c"], text=["four", None, "eleven chars"])
    files = written(tmp_path, cases)
    found = load_requests(files, pa.array(["c", "b", "a"]), featurise=lengths)
    assert [found.text.row(i).tolist() for i in range(3)] == [[12], [], [4]]
    assert load_requests(files, pa.array(["a"])).text is None


def test_no_table_of_cases_is_no_attribute():
    found = load_requests({}, pa.array(["a", "b"]))
    assert found.attributes == {}
    assert found.text is None


def test_a_named_column_goes_before_a_free_attribute_of_its_name(tmp_path):
    cases = rows_of("cases", case_id=["a"], topic=["Paint"], attributes=[[("topic", "other")]])
    found = load_requests(written(tmp_path, cases), pa.array(["a"]))
    assert values(found.attributes["topic"]) == ["Paint"]
