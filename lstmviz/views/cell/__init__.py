"""The Cell lab's picture: one cell as papers draw it, with the number of the running engine on every wire."""
