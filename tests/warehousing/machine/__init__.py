"""Every command of the warehouse as a rule, beside a model that is a dictionary."""
