"""What a recipient's program makes of HTML: visible lines, links, pictures, active content."""
