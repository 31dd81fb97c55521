"""Speed beside what a reader would use instead, as ratios within one run."""
