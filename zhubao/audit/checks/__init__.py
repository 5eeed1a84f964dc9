"""The audit checks, one module per family; every module declares its checks when imported."""
