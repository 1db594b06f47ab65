"""The names that exports in English and German give to canonical columns, best first."""

from leitweg.sources.staff_synonyms import STAFF_EXTRA, STAFF_REQUIRED, STAFF_SYNONYMS
from leitweg.sources.words import Synonyms
from leitweg.sources.words import name_list as _names

_CASE_ID = _names("""
    case concept name|case id|caseid|case|case number|case no|ticket id|ticket number|ticketnumber
    |ticket no|ticket key|ticket|vorgangsnummer|vorgangs nummer|vorgangs id|vorgangs nr|vorgangsid
    |vorgang|ticketnummer|ticket nummer|ticket nr|ticketnr|fallnummer|fall nr|fall id|fall
    |auftragsnummer|auftrag|issue key|issue id|issue|vorgangsschlussel|sr number|service request
    |incident number|incident id|incident|request id|request number|request|anfragenummer
    |anfrage id|anfrage|beschwerdenummer|reklamationsnummer|reklamation|beschwerde|trace id
    |number|nummer|nr|key|schlussel|id
    """)
_AT = _names("""
    time timestamp|at|timestamp|event time|event timestamp|event date|eventdate|event datetime
    |zeitpunkt|zeitstempel|change date time|change date|changed at|changed on|change time
    |end time|end timestamp|endtime|complete timestamp|completed at|ende|endzeit|endzeitpunkt
    |datum uhrzeit|datum zeit|datum und uhrzeit|date time|datetime|date|datum|zeit|time|uhrzeit
    |sys updated at|sys updated on|updated at|updated|geandert am|geandert|buchungsdatum
    |created at|created on|created
    |created date|create time|createtime|creation date|erstellt am|erstellt|erstellungsdatum
    |angelegt am|angelegt|sys created on|opened at|opened|start time|start timestamp|starttime
    """)
_STARTED = _names("""
    started|started at|start timestamp|start time|starttime|start|start date time|begin|beginn
    |startzeit|startzeitpunkt|begonnen|begonnen am|anfang|start date|startdatum
    """)
_PERSON = _names("""
    person|org resource|resource|assignee|assigned to|assigned user|bearbeiter|bearbeiterin
    |sachbearbeiter|sachbearbeiterin|bearbeitet von|zugewiesen an|zugewiesene person|user
    |user name|username|user id|benutzer|benutzername|mitarbeiter|mitarbeiterin|employee|agent
    |owner|besitzer|verantwortlicher|verantwortliche|verantwortlich|zustandiger|zustandig
    |responsible|performer|performed by|worker|handler|account|changed by|geandert von|ressource
    |owner first name
    """)
_UNIT = _names("""
    unit|org group|group|team|queue|abteilung|department|assignment group|assigned group
    |assigned team|support group|support team|resolver group|involved st|organisationseinheit
    |orgeinheit|org einheit|org unit|organizational unit|organisational unit|gruppe|einheit
    |bereich|warteschlange|zuweisungsgruppe|fachabteilung|dienststelle|dept
    """)
_ACTIVITY = _names("""
    concept name|activity|activity name|event name|event|task|task name|step|action|aktivitat
    |ereignis|tatigkeit|schritt|aktion|vorgangsschritt|arbeitsschritt|history type|event type
    """)
_LIFECYCLE = _names("""
    lifecycle transition|lifecycle|sub status|substatus|unterstatus|status|state|zustand
    |incident state|bearbeitungsstatus|ticket status|ticketstatus|ticket state|transition
    """)
_CUSTOMER = _names("""
    customer|customer id|customer name|kunde|kundin|kundennummer|kunden nr|kundennr|kunden id
    |kundenname|client|client id|requester|caller|caller id|anfragender|antragsteller|melder
    |reporter
    |besteller|debitor|ansprechpartner kunde
    """)
_TOPIC = _names("""
    topic|product|produkt|category|kategorie|thema|themengebiet|component|components|komponente
    |komponenten|service|sachgebiet|produktgruppe|product category|subject area|topic group
    """)
_PRIORITY = _names("""
    priority|prioritat|prio|urgency|dringlichkeit|severity|schweregrad|impact|sr latest impact
    |auswirkung
    """)
_CHANNEL = _names("""
    channel|kanal|eingangskanal|kontaktkanal|contact type|kontaktart|eingangsweg|create channel
    |source|quelle|medium
    """)
_KIND = _names("""
    kind|issue type|ticket type|case type|request type|vorgangstyp|vorgangsart|tickettyp
    |anfrageart|type|typ|art
    """)
_OPENED = _names("""
    opened|opened at|open date|opening date|eroffnet am|eroffnet|eroffnungsdatum|reported at
    |reported on|gemeldet am|eingegangen am|eingang|eingangsdatum|request date
    """)
_CLOSED = _names("""
    closed|closed at|close at|close date|closing date|geschlossen am|geschlossen|schliessdatum
    |abgeschlossen am|abschlussdatum|resolved at|resolved|resolution date|gelost am|erledigt am
    |erledigt
    """)
_OUTCOME = _names("""
    outcome|resolution|losung|ergebnis|close code|closure code|result|abschlusscode|erledigungsart
    """)
_CASE: Synonyms = {
    "kind": _KIND,
    "customer": _CUSTOMER,
    "topic": _TOPIC,
    "priority": _PRIORITY,
    "channel": _CHANNEL,
    "opened": _OPENED,
    "closed": _CLOSED,
    "outcome": _OUTCOME,
}

SYNONYMS: dict[str, Synonyms] = {
    "events": {
        "case_id": _CASE_ID,
        "activity": _ACTIVITY,
        "at": _AT,
        "started": _STARTED,
        "person": _PERSON,
        "unit": _UNIT,
        "lifecycle": _LIFECYCLE,
        **_CASE,
    },
    "cases": {
        "case_id": _CASE_ID,
        **_CASE,
        "opened": (
            *_OPENED,
            *(n for n in _AT if n.startswith(("creat", "erstell", "angelegt"))),
            "date",
            "datum",
            "timestamp",
            "at",
        ),
        "outcome": (*_OUTCOME, "status", "state", "zustand"),
        "person": _PERSON,
        "unit": _UNIT,
    },
    "people": {
        "person": _names("""
            person|person id|user principal name|personalnummer|personal nummer|pers nr|persnr
            |personalnr|personal nr|mitarbeiternummer|mitarbeiter id|mitarbeiter nr|employee id
            |employee number|employee|mitarbeiter|mitarbeiterin|user id|user|account|konto
            |benutzer|benutzername|username|user name|login|email address|email|e mail
            |e mail adresse|mail|id|name
            """),
        "unit": (*_UNIT, "organisation unit", "org unit text", "kostenstelle", "cost center"),
        "position": _names("""
            position|planstelle|stelle|stellenbezeichnung|job title|jobtitle|title|titel|funktion
            |rolle|role
            """),
        "manager": _names("""
            manager|reports to id|reports to|manager id|manager user principal name|line manager
            |supervisor|vorgesetzter|vorgesetzte|vorgesetzte r|vorgesetzter id|fuhrungskraft
            |leiter|leitung|chef|boss
            """),
        "kind": _names(
            "kind|user type|account type|kontoart|kontotyp|recipient type details|type|typ|art"
        ),
        "site": _names("""
            site|standort|location|office location|physical delivery office name|office|buro
            |arbeitsort|niederlassung|dienstort|city|ort|personalteilbereich
            """),
        "language": _names("language|sprache|preferred language|arbeitssprache"),
        "hours_per_week": _names("""
            hours per week|weekly hours|wochenstunden|wochenarbeitszeit|stunden pro woche
            |std woche|vertragsstunden|arbeitszeit
            """),
        "valid_from": _names("""
            valid from|gultig ab|gultig von|valid since|hire date|entry date|eintritt
            |eintrittsdatum|beginn|begda|start date|von|ab
            """),
        "valid_to": _names("""
            valid to|valid until|gultig bis|leave date|exit date|austritt|austrittsdatum|ende
            |endda|end date|bis
            """),
    },
    "units": {
        "unit": _names("""
            unit|unit id|organisationseinheit|orgeinheit|org einheit|org unit|organizational unit
            |abteilung|department|team|group|gruppe|einheit|bereich|kurzel|kuerzel|code|id
            """),
        "parent": _names("""
            parent|parent id|parent unit|parent unit id|parent department|ubergeordnete einheit
            |ubergeordnet|ubergeordnete organisationseinheit|ubergeordnete abteilung|reports to
            |gehort zu
            """),
        "name": _names("name|unit name|bezeichnung|langtext|title|titel|kurztext|beschreibung"),
        "purpose": _names("""
            purpose|mission|zweck|aufgabe|aufgaben|zustandigkeit|zustandigkeiten|responsibilities
            |responsibility|description|beschreibung|aufgabenbeschreibung
            """),
    },
    "messages": {
        "sender": _names("""
            sender|sender address|from|from address|absender|absenderadresse|von|sender email
            |author|autor
            """),
        "receiver": _names("""
            receiver|recipient|recipients|recipient address|recipient status|to|to address
            |empfanger|empfangeradresse|an
            """),
        "at": _names("""
            at|date time utc|origin timestamp utc|origin timestamp|received|received utc|sent
            |sent at|sent on|event date|timestamp|date|datum|zeitpunkt|zeit|time|gesendet
            |gesendet am|empfangen|empfangen am|date time|zeitstempel
            """),
        "message": _names("""
            message|message id|internet message id|nachricht|nachrichten id|nachrichtenid|mail id
            |network message id
            """),
        "thread": _names("""
            thread|thread id|conversation|conversation id|thread topic id|konversation
            |konversations id
            """),
        "reply_to": _names("reply to|in reply to|reply to id|antwort auf"),
        "kind": _names("kind|recipient kind|recipient type|type|typ|art|empfangerart"),
        "sender_outside": _names("sender outside|absender extern"),
        "receiver_outside": _names("receiver outside|empfanger extern"),
    },
    **STAFF_SYNONYMS,
}

TEXT_COLUMNS = frozenset(
    _names("""
    text|summary|description|subject|body|title|comment|comments|work notes|message|betreff
    |beschreibung|kommentar|kommentare|zusammenfassung|titel|notiz|notizen|bemerkung|anmerkung
    |nachricht|document|short description|kurzbeschreibung|answer|antwort
    """)
)
"""Columns of free text: for the router alone, never an attribute."""

PERSONAL_COLUMNS = frozenset(
    (
        *_PERSON,
        *_CUSTOMER,
        *_names("""
    author|autor|created by|create by|createby|created by id|erstellt von|angelegt von|updated by
    |opened by|closed by|resolved by|fixer|manager|vorgesetzter|name|first name|last name|surname
    |given name|vorname|nachname|display name|email|e mail|mail|mail address|email address|phone
    |telefon|telephone number|mobile|case responsible|contact|kontakt|responsible person
    """),
    )
)
"""Columns that name people: they are pseudonymised as ids, or not stored at all."""

LAST_RESORTS = frozenset({"id", "name", "key", "nr", "number", "type", "title"})
"""Names that may mean anything: taken where nothing better is there, and never in competition."""

REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "events": (("case_id",), ("at", "order"), ("person", "unit")),
    "cases": (("case_id",), ("opened", "order")),
    "people": (("person",),),
    "units": (("unit",),),
    "messages": (("sender",), ("receiver",), ("at",)),
    **STAFF_REQUIRED,
}
"""Per table the columns that must be filled, as alternatives."""
CASE_LEVEL = frozenset({"case_id", *_CASE})
"""What a column with the prefix ``case:`` may fill."""
EXTRA: dict[str, tuple[str, ...]] = {
    "events": ("order", "text"),
    "cases": ("order", "path", "text", "at"),
    "people": (),
    "units": (),
    "messages": (),
    **STAFF_EXTRA,
}
"""Names that only a user can give to a column."""
