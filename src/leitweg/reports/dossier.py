"""What stands in the dossier? The written parts, with what was read off in their places."""

from leitweg.domain.document import Block, Document
from leitweg.domain.dossier import DossierFacts
from leitweg.language import forms
from leitweg.language.dossier_texts import PARTS, Place, read_part, words_of
from leitweg.privacy.denied_features import DENIED
from leitweg.privacy.dominance import MOST, P
from leitweg.privacy.row_space import MOST_LEVERAGE
from leitweg.reports import dossier_controls, dossier_models, dossier_tables
from leitweg.reports.dossier_tables import Telling, state_rows

BUILDERS = {**dossier_tables.BUILDERS, **dossier_controls.BUILDERS, **dossier_models.BUILDERS}


def dossier_document(facts: DossierFacts, language: str) -> Document:
    """Return the whole dossier in a language, ready for a writer."""
    words = words_of(language)
    telling = Telling(facts, language, words, _values(facts, language, words))
    written = (text for part in PARTS[1:] for text in read_part(language, part, telling.values))
    blocks: list[Block] = []
    for text in written:
        if isinstance(text, Place):
            blocks += BUILDERS[text.name](text, telling)
        else:
            blocks.append(text)
    return Document(
        title=words["title"],
        subtitle=words["subtitle"],
        language=language,
        date=forms.date(language, facts.made_at_us),
        summary=state_rows(telling),
        blocks=tuple(blocks),
        mark=facts.mark,
        words=words,
    )


def _values(facts: DossierFacts, language: str, words: dict[str, str]) -> dict[str, str]:
    """Return what the texts fill in by name."""
    asked = words["audit_state"].format(n=forms.number(language, facts.questions, 0))
    return {
        "version": facts.version,
        "profile": facts.profile,
        "k": str(facts.k),
        "k_ties": str(facts.k_ties),
        "raw_days": str(facts.raw_days),
        "unit_months": str(facts.unit_months),
        "dominance": forms.share(language, MOST),
        "closeness": forms.share(language, P),
        "leverage": forms.number(language, MOST_LEVERAGE, 2),
        "denied": ", ".join(words[f"denied_{group}"] for group in DENIED),
        "audit": asked if facts.questions else words["no_questions"],
        **dossier_models.measured_values(language),
    }
