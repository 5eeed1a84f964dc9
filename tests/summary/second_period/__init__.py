"""The summary of a second period, every figure counted by other code that shares nothing with it.

`made` invents the ledgers (other size, other seed, other half-year) and adds rows at every border:
first and last day, a day outside, blanks, withdrawn states, a household twice. `count` counts the
figures from the workbooks with openpyxl and plain loops, by the definitions the summary prints.
"""
