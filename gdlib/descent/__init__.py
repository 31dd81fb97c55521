"""Everything that descends: the engine, who feeds it steps, and what a run returns."""
