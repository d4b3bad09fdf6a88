"""What cells and ranges look like as text: A1 notation, typing, number formats, locales."""
