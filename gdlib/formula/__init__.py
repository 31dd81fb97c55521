"""One formula, many tongues: read, differentiated, lowered to trees, printed for each target."""
