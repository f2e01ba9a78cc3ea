"""How a problem is put right: records edited from the original text, placed, proven and staged."""
