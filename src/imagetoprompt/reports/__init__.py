"""Reports: what the command line prints, as plain text, in color, and as JSON."""
