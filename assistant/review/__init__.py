"""The whole flow as one call, in the process or as a job, and what a person reads of it."""
