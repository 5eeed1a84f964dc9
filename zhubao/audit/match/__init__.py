"""External lists (vehicles, property, deaths …) joined on every household member: leads only."""
