"""Hands on everything: clamps, edited weights and inputs, and the pictures in which they are made."""
