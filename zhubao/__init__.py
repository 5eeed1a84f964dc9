"""zhubao: a command-line toolkit over the Excel ledgers of a housing-security bureau."""

__version__ = "0.1.0"
