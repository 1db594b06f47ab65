"""Companies with planted truths: seeded, with a counterfactual switch (docs/methods)."""
