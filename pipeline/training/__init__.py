"""Learning what ships in `pipeline/model`, from a corpus of articles."""
