"""Ground floor: values and shapes that know neither housing nor Excel."""
