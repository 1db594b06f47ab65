import pytest

from leitweg.privacy.canonical import canonical
from leitweg.privacy.well_known import is_confidential_account, is_confidential_unit


@pytest.mark.parametrize(
    "account",
    [
        "betriebsrat@firma.example",
        "br@firma.example",
        "Works.Council@firma.example",
        "workscouncil-berlin@firma.example",
        "betriebsarzt@firma.example",
        "datenschutz@firma.example",
        "dsb@firma.example",
        "DPO@firma.example",
        "gleichstellung@firma.example",
        "hinweisgeber@firma.example",
        "compliance-hotline@firma.example",
        "speak.up@firma.example",
        "whistleblowing@firma.example",
        "Betriebsrat",
    ],
)
def test_mailboxes_of_confidence_are_told(account):
    assert is_confidential_account(canonical(account, "person"))


@pytest.mark.parametrize(
    "account",
    [
        "br-siebel",
        "br",
        "brigitte@firma.example",
        "br.meier@firma.example",
        "compliance@firma.example",
        "hotline@firma.example",
        "data@firma.example",
        "council@firma.example",
        "anna.datensch@firma.example",
        "info@betriebsrat.example",
        "doctor@firma.example",
    ],
)
def test_other_mailboxes_are_not(account):
    assert not is_confidential_account(canonical(account, "person"))


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("Betriebsrat Werk 2", True),
        ("Works Council", True),
        ("Datenschutz", True),
        ("Compliance Hotline", True),
        ("BR", False),
        ("DSB", False),
        ("Vertrieb", False),
        ("Data", False),
        ("Kundendatenschutzerklärung", False),
    ],
)
def test_units_of_confidence_are_told(unit, expected):
    assert is_confidential_unit(canonical(unit)) is expected
