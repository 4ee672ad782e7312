"""What the person or the bureau set: settings, the model's address, files laid over shipped ones, where shipped data lies."""
