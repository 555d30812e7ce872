"""What draws: widgets, pens, fonts. A view shows arrays it is handed and computes nothing but pixels."""
