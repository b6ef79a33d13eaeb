# One-line aliases: dev.py does the work.
.PHONY: run test check bench format setup lock
run test check bench format setup lock:
	@python3 dev.py $@
