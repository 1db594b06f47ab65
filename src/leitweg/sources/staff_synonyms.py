"""The names that tables of ties, positions, skills and absences give to canonical columns."""

from leitweg.sources.words import Synonyms
from leitweg.sources.words import name_list as _names

_SKILL = _names("""
    skill|skill name|skill id|qualification|qualifikation|qualifikation id|competence|competency
    |kompetenz|fahigkeit|fertigkeit|kenntnis|kenntnisse|zertifikat|certificate
    """)
_LEVEL = _names("""
    level|skill level|proficiency|proficiency level|niveau|auspragung|stufe|kompetenzstufe|grad
    |rating|soll niveau|ist niveau|soll auspragung|ist auspragung|required level|soll|ist
    """)
_POSITION = _names("""
    position|position id|position nr|position number|planstelle|planstellen nr|stelle|stellen nr
    |stellennummer|stellen id|job|job id|rolle|role
    """)
_PERSON = _names("""
    person|person id|user principal name|personalnummer|personal nummer|pers nr|persnr|personalnr
    |personnel number|pernr|mitarbeiternummer|mitarbeiter id|mitarbeiter nr|employee id
    |employee number|employee|mitarbeiter|mitarbeiterin|user id|user|account|konto|benutzer
    |benutzername|username|login|email address|email|e mail|mail
    """)

STAFF_SYNONYMS: dict[str, Synonyms] = {
    "ties": {
        "from": _names("""
            from|source|source id|from id|from person|ego|sender|nominator|respondent|node1
            |node 1|person 1|von|von person|quelle|absender|befragter|befragte
            """),
        "to": _names("""
            to|target|target id|to id|to person|alter|receiver|nominee|nominated|node2|node 2
            |person 2|an|an person|nach|zu|ziel|empfanger|genannt|genannte person
            """),
        "relation": _names("""
            relation|relationship|relation type|tie|tie type|network|question
            |beziehung|beziehungsart|art der beziehung|netz|netzwerk|frage
            """),
        "value": _names("""
            value|weight|strength|frequency|intensity|count|mins|minutes|hours|messages|wert
            |gewicht|starke|haufigkeit|intensitat|anzahl|minuten|stunden
            """),
        "directed": _names("directed|is directed|direction|gerichtet|ist gerichtet|type|typ"),
        "from_unit": _names("from unit|source unit|from department|von einheit|von abteilung"),
        "to_unit": _names("to unit|target unit|to department|an einheit|an abteilung"),
        "from_people": _names("from people|n people from|from group size|personen von"),
        "to_people": _names("to people|n people to|to group size|personen an"),
        "survey": _names("survey|survey id|umfrage|befragung|erhebung"),
        "wave": _names("wave|survey wave|round|welle|runde|erhebungswelle"),
    },
    "positions": {
        "position": _POSITION,
        "unit": _names("""
            unit|unit id|organisationseinheit|orgeinheit|org einheit|org unit
            |organizational unit|organisational unit|abteilung|department|dept|team|bereich
            |gruppe|group|einheit|dienststelle
            """),
        "title": _names("""
            title|position title|job title|name|titel|bezeichnung|stellenbezeichnung
            |planstellenbezeichnung|langtext|kurztext
            """),
        "key": _names("""
            key position|is key|key|schlusselposition|schlusselstelle|schlussel|kritisch|critical
            """),
    },
    "qualifications": {
        "person": _PERSON,
        "skill": _SKILL,
        "level": _LEVEL,
        "source": _names("source|origin|quelle|herkunft|nachweis|evidence"),
    },
    "requirements": {"position": _POSITION, "skill": _SKILL, "level": _LEVEL},
    "absences": {
        "person": _PERSON,
        "from": _names("""
            from|absent from|start|start date|begin|begin date|first day|von|beginn|beginndatum
            |begda|abwesend von|abwesend ab|ab|erster tag|gultig ab
            """),
        "to": _names("""
            to|until|absent to|absent until|end|end date|last day|bis|ende|endedatum|endda
            |abwesend bis|letzter tag|gultig bis
            """),
    },
}
STAFF_REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "ties": (("from", "from_unit"), ("to", "to_unit")),
    "positions": (("position",),),
    "qualifications": (("person",), ("skill",)),
    "requirements": (("position",), ("skill",)),
    "absences": (("person",), ("from",), ("to",)),
}
STAFF_EXTRA: dict[str, tuple[str, ...]] = dict.fromkeys(STAFF_SYNONYMS, ())
