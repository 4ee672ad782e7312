"""The one place that talks to a model: requests, answers kept, spending."""
