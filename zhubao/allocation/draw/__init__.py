"""The draw itself: canonical texts and the public algorithm. Texts in, texts out; no ledger."""
