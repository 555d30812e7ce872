"""One file a lab: the picture that fills the window between switch bar and transport bar."""
