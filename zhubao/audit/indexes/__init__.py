"""Indexes over the facts that several checks share; each is made once, by `facts.once`."""
