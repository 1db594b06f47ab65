"""The names that rosters and backlogs give to their columns, in English and German, best first."""

from leitweg.sources.words import Synonyms
from leitweg.sources.words import name_list as _names

ROSTER: Synonyms = {
    "contact": _names("""
        contact|person|ansprechpartner|ansprechpartnerin|kontakt|mitarbeiter|mitarbeiterin
        |employee|agent|account|user|benutzer|name|id
        """),
    "unit": _names("""
        unit|einheit|organisationseinheit|team|group|gruppe|abteilung|department|queue
        |assignment group|org group|bereich
        """),
    "languages": _names("languages|language|sprachen|sprache"),
    "permissions": _names("""
        permissions|permission|skills|skill|berechtigungen|berechtigung|befugnisse|befugnis
        |qualifikationen|qualifikation|kenntnisse|rights|rechte
        """),
    "capacity": _names("capacity|kapazitat|cases at once|max load|vorgange zugleich|hochstlast"),
    "load": _names("load|open cases|offene vorgange|auslastung|last|current load|offen"),
    "absent_from": _names("""
        absent from|away from|abwesend von|abwesend ab|abwesend seit|abwesenheit von|urlaub von
        """),
    "absent_to": _names("absent to|absent until|away to|abwesend bis|abwesenheit bis|urlaub bis"),
    "hours": _names("hours|working hours|office hours|zeiten|arbeitszeiten|arbeitszeit|dienstzeit"),
    "time_zone": _names("time zone|timezone|zeitzone|zone"),
    "customers": _names("""
        customers|customer|owned customers|account owner of|kunden|kunde|betreute kunden
        |betreut kunden
        """),
    "purpose": _names("purpose|zweck|aufgabe|aufgaben|zustandigkeit|description|beschreibung"),
    "valid_to": _names("""
        valid to|valid until|leaves|left|exit date|gultig bis|austritt|austrittsdatum
        |ausgeschieden am
        """),
}
BACKLOG: Synonyms = {
    "case_id": _names("""
        case id|case|ticket|ticket id|ticket number|vorgang|vorgangsnummer|vorgangs id|fall
        |fallnummer|anfrage|anfragenummer|request|request id|issue|issue key|incident|number
        |nummer|nr|key|id
        """),
    "text": _names("""
        text|request text|body|message|nachricht|beschreibung|description|summary|subject|betreff
        """),
    "at": _names("""
        at|arrived|arrived at|opened|opened at|created|created at|received|eingang|eingegangen am
        |eroffnet|eroffnet am|erstellt|erstellt am|zeitpunkt|datum|date|timestamp
        """),
    "first": _names("first|first contact|holder|assigned to|bearbeiter|liegt bei|zuerst bei"),
    "tried": _names("tried|tried contacts|versucht|war bei|bisher bei|schon bei"),
    "language": _names("language|sprache"),
    "permissions": _names("permissions|permission|needs|berechtigung|berechtigungen|erfordert"),
    "customer": _names("customer|customer id|kunde|kundin|kundennummer|client|requester"),
}
