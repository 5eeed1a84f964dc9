"""The draw: canonical texts, the public algorithm, and how one is carried out and written down."""
