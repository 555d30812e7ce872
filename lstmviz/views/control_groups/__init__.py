"""The groups of the control column, one file a subject; each shows a frame and changes the stage."""
