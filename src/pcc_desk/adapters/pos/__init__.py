"""Points of sale, one module each."""
