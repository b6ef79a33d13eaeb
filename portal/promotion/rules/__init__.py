"""Rules of advertising: pure, each with its numbers from docs/advertising.md."""
