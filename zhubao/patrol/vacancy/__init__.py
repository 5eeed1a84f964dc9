"""Let units that look idle, or whose tenant may be dead: leads for an examination on the spot."""
