"""Dated parameters of the law and of the bureau: `policy.at(code, date)` is the value in force."""

from zhubao.policy.lookup import at, basis, in_force, parameter, parameters
from zhubao.policy.parameter import DatedValue, Parameter, PolicyInvalid, PolicyUnknown

__all__ = [
    "DatedValue",
    "Parameter",
    "PolicyInvalid",
    "PolicyUnknown",
    "at",
    "basis",
    "in_force",
    "parameter",
    "parameters",
]
