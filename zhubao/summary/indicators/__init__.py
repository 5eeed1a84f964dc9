"""The registry of indicators: one decorated function per figure, with definition and sources."""
