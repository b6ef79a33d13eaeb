#!/bin/sh
# Checks this pack with sha256sum alone. Run it in the folder of the pack: sh check.sh
sum() { sha256sum | cut -c1-64; }
fail() { echo "Altered: $1"; exit 1; }
sha256sum -c --quiet SHA256SUMS || fail "a file"
tail -n +2 chain/chain.tsv | while IFS='	' read -r position digest previous hash record; do
  [ "$record" = - ] || [ "$(sum < "$record")" = "$digest" ] || fail "record $position"
  [ "$(printf '%s%s' "$previous" "$digest" | sum)" = "$hash" ] || fail "hash $position"
done || exit 1
if [ -e sealed/history.json ]; then
  grep -qx "$(sum < sealed/history.json)" sealed/digests.txt || fail "sealed history"
  grep -q "\"sha256\":\"$(sum < sealed/digests.txt)\"" chain/*.json || fail "seal"
fi
echo "The pack agrees with itself."
