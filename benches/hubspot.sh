#!/usr/bin/env bash
# What a first load from HubSpot costs: CPU time and memory of `crm_exporter sync`, against the fake of tests/it, which
# answers at once from a process of its own. Takes GNU time. Numbers of records come from the environment; as in
# docs/sizing.md:
#
#     DEALS=100000 CONTACTS=50000 ACTIVITIES=1000000 RUNS=5 benches/hubspot.sh
set -euo pipefail
cd "$(dirname "$0")/.."

export OWNERS="${OWNERS:-200}" DEALS="${DEALS:-10000}" CONTACTS="${CONTACTS:-5000}" COMPANIES="${COMPANIES:-1000}"
export LEADS="${LEADS:-0}" ACTIVITIES="${ACTIVITIES:-50000}"
runs="${RUNS:-5}"

# Builds the program too. The messages name what was built.
tests=$(cargo test --locked --release --test it --no-run --message-format=json |
    sed -n 's/.*"kind":\["test"\].*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
program="${CARGO_TARGET_DIR:-target}/release/crm_exporter"

work=$(mktemp -d)
coproc FAKE { exec "$tests" --exact --ignored --nocapture fake_crm::hubspot::serve::serve; }
# The fake ends with its input.
trap 'exec {FAKE[1]}>&-; rm -rf "$work"' EXIT

records=0
while read -r -u "${FAKE[0]}" word first second; do
    case "$word" in
    url) url=$first ;;
    token) (umask 077 && echo "$first" >"$work/token") ;;
    holds)
        echo "the fake holds $second $first"
        # Notes and stages of deals are not read as records of their own.
        case "$first" in notes | stages-of-deals) ;; *) records=$((records + second)) ;; esac
        ;;
    ready) break ;;
    esac
done

cat >"$work/crm_exporter.yml" <<YAML
sources:
  hubspot:
    kind: hubspot
    base_url: $url
    token_file: token
YAML

# Memory once a second while a process lives, in KiB.
watch_memory() {
    while sleep 1 && kill -0 "$1" 2>/dev/null; do
        awk '/^VmRSS/ { print $2 }' "/proc/$1/status" 2>/dev/null || true
    done
}

for run in $(seq "$runs"); do
    rm -f "$work"/crm_exporter.db*
    /usr/bin/time -f '%U %S %e %M' -o "$work/time" \
        "$program" --config.file "$work/crm_exporter.yml" sync 2>"$work/said" &
    timed=$!
    sleep 0.2
    watch_memory "$(pgrep -P "$timed")" >"$work/memory"
    wait "$timed" || { cat "$work/said" >&2; exit 1; }
    read -r user system wall most <"$work/time"
    awk -v run="$run" -v records="$records" -v user="$user" -v sys="$system" -v wall="$wall" -v most="$most" '
        { seen[NR] = $1 }
        END {
            printf "run %d: %.1f s of CPU (%.1f user, %.1f system), %.0f s, %d records a CPU second, memory at most %.1f MiB", \
                run, user + sys, user, sys, wall, records / (user + sys), most / 1024
            for (part = 1; part <= 4 && NR > 8; part++) printf "%s %.1f", part == 1 ? "; after each quarter" : ",", seen[int(NR * part / 4)] / 1024
            print ""
        }' "$work/memory"
done

grep -E "up to date, [1-9]|records could not be read" "$work/said"
# Of all runs together.
echo >&"${FAKE[1]}"
while read -r -u "${FAKE[0]}" _ count what; do
    echo "  asked $count: $what"
    [ "$what" != "in all" ] || break
done
