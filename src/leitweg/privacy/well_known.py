"""Which mailboxes and units are there for confidence? Well-known names, German and English.

Who writes to the works council, the company doctor or a whistle-blowing office must not be seen by
the employer (docs/methods/privacy.md). The list is a proposal: a company may call them otherwise.
"""

import re

_OFFICES = """
betriebsrat gesamtbetriebsrat konzernbetriebsrat personalrat gesamtpersonalrat personalvertretung
mitarbeitervertretung betriebsratsbüro betriebsratsbuero
jugendvertretung schwerbehindertenvertretung schwerbehindertenvertrauensperson vertrauensperson
vertrauensfrau vertrauensmann vertrauensleute sprecherausschuss
betriebsarzt betriebsärztin betriebsaerztin betriebsärzte werksarzt werksärztin werksaerztin
betriebsmedizin arbeitsmedizin betriebsärztlicher arbeitsmedizinischer sozialberatung suchtberatung
datenschutz datenschutzbeauftragter datenschutzbeauftragte datenschutzteam
gleichstellung gleichstellungsbeauftragte gleichstellungsstelle frauenbeauftragte
antidiskriminierungsstelle agg-beschwerdestelle beschwerdestelle-agg
hinweisgeber hinweisgeberstelle hinweisgebersystem hinweisgeberschutz
meldestelle interne-meldestelle
ombudsmann ombudsfrau ombudsperson ombudsstelle ombudsman ombuds
works-council workscouncil union-representative staff-council employee-council
company-doctor occupational-health occupational-physician works-doctor employee-assistance
data-protection data-protection-officer dataprotection privacy-officer data-privacy-officer
equal-opportunity equal-opportunities equal-opportunities-officer
whistleblower whistleblowing whistleblow whistle-blowing whistle-blower speak-up speakup
ethics-hotline ethics-line compliance-hotline integrity-line ethikhotline compliance-meldestelle
"""
# abbreviations tell an address alone: as a unit or login they may be anything, such as Brazil
_SHORT = frozenset(("br", "gbr", "kbr", "jav", "gjav", "sbv", "dsb", "dpo", "mav", "gpr", "bem"))
_NAMES = frozenset(_OFFICES.split())
_LONGEST = max(name.count("-") for name in _NAMES) + 1
_BETWEEN = re.compile(r"[\s._,;:/()\\-]+")


def is_confidential_account(form: str) -> bool:
    """Say whether an account, in canonical form, is a mailbox of an office of confidence.

    >>> is_confidential_account("br@firma.example"), is_confidential_account("br-siebel")
    (True, False)
    """
    local, at, _domain = form.partition("@")
    return (bool(at) and local in _SHORT) or _names_office(local)


def is_confidential_unit(form: str) -> bool:
    """Say whether a unit, in canonical form, is an office of confidence.

    >>> is_confidential_unit("betriebsrat werk 2"), is_confidential_unit("vertrieb")
    (True, False)
    """
    return _names_office(form)


def _names_office(form: str) -> bool:
    words = [word for word in _BETWEEN.split(form) if word]
    runs = (
        "-".join(words[at : at + count])
        for count in range(1, _LONGEST + 1)
        for at in range(len(words) - count + 1)
    )
    return not _NAMES.isdisjoint(runs)
