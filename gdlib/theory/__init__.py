"""What the mathematics predicts, without a run: spectra, noise, random matrices."""
