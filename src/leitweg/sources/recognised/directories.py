"""Lists of people from directories: Microsoft Entra ID and SAP.

Entra ID: the download of users (userPrincipalName, displayName, department, jobTitle,
physicalDeliveryOfficeName, city, …, with manager where a script adds it) and the list of active
users (User principal name, Department, Title, Office; German Benutzerprinzipalname, Abteilung,
Titel, Büro). SAP: lists of the organisational assignment (Personalnummer, Organisationseinheit,
Planstelle, Vorgesetzter, Personalteilbereich, Gültig ab, Gültig bis).
"""

from collections.abc import Sequence

from leitweg.sources.clocks import Clock
from leitweg.sources.raw import RawTable
from leitweg.sources.recognised.recognised import Recognised, has_all, mapping_of

ENTRA = "Entra ID user list"
SAP = "SAP list of people"

ENTRA_COLUMNS = {
    "person": ("user principal name", "userprincipalname", "benutzerprinzipalname"),
    "kind": ("user type", "usertype", "benutzertyp"),
    "unit": ("department", "abteilung"),
    "position": ("job title", "jobtitle", "title", "position", "titel"),
    "manager": ("manager user principal name", "manager", "manager upn", "vorgesetzter"),
    "site": (
        "physical delivery office name", "office location", "office", "buro", "city", "ort",
        "stadt",
    ),
    "language": ("preferred language", "bevorzugte sprache"),
}  # fmt: skip
SAP_COLUMNS = {
    "person": ("personalnummer", "pers nr", "persnr", "personalnr", "pernr", "personnel number"),
    "unit": (
        "organisationseinheit", "orgeinheit", "org einheit", "orgeh", "organizational unit",
    ),
    "position": ("planstelle", "plans", "position"),
    "manager": ("vorgesetzter", "vorgesetzte", "vorgesetzte r", "leiter", "manager", "supervisor"),
    "site": ("personalteilbereich", "personalbereich", "btrtl", "personnel subarea", "standort"),
    "hours_per_week": ("wochenstunden", "wochenarbeitszeit", "weekly hours"),
    "valid_from": ("gultig ab", "beginn", "beginndatum", "begda", "start date", "valid from"),
    "valid_to": ("gultig bis", "ende", "endedatum", "endda", "end date", "valid to"),
}  # fmt: skip


def entra_matches(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of an Entra ID user list."""
    shown = ("display name", "displayname", "anzeigename", *ENTRA_COLUMNS["unit"])
    return has_all(columns, ENTRA_COLUMNS["person"], shown)


def recognise_entra(raw: RawTable, clock: Clock) -> Recognised:
    """Return the mapping of an Entra ID user list."""
    del clock  # the list has no times that are read
    return Recognised(ENTRA, "people", raw, mapping_of(raw.columns, ENTRA_COLUMNS))


def sap_matches(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of an SAP list of people."""
    wanted = (SAP_COLUMNS[name] for name in ("person", "unit"))
    further = (*SAP_COLUMNS["position"], *SAP_COLUMNS["manager"])
    return has_all(columns, *wanted, further)


def recognise_sap(raw: RawTable, clock: Clock) -> Recognised:
    """Return the mapping of an SAP list of people."""
    del clock  # times are read with the other columns
    return Recognised(SAP, "people", raw, mapping_of(raw.columns, SAP_COLUMNS))
