"""Allocation: waiting list, freeze, draw, verification, schedule, selection, public notices."""
