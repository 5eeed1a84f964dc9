"""Whatever names rows of a sheet, when rows are put in or taken out: ranges, tables, anchors."""
