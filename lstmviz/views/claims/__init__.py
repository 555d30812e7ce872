"""Parts of the Claims lab: the table, its rows, and what runs."""
