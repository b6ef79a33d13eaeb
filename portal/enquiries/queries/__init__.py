"""Reading messages and call-backs: what the board, a writer, a company and the desk may see."""
