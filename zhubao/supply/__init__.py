"""房源: supply raised, dispatches to projects, occupancy and vacancy."""
