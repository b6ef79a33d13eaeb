"""Pure rules of what comes in: states, receiving, differences, where goods are put."""
