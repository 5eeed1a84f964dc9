"""When and where the drawn households choose: batches, time slots, rooms and stages."""
