"""Papers as PDF: fonts that are embedded, texts that fit, barcodes, sheets.

``sheets.Sheet`` is what a feature draws on: one document with its fonts and its page frame.
"""
