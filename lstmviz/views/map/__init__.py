"""The pictures of the Map."""
