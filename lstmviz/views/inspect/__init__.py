"""The pictures of Inspect."""
