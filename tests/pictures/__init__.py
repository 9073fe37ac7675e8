"""How pictures are laid out, grouped and lettered."""
