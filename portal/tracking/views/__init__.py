"""Pages of tracking: by number and by link for everybody, the links of a company's consignment."""
