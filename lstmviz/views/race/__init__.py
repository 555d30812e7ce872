"""The pictures of the Race, one file each; ``labs/race.py`` lays them out."""
