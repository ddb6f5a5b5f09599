# Shared by the scripts of this folder: where things lie, how to speak, how to reach PostgreSQL and Odoo.
# shellcheck shell=bash
set -Eeuo pipefail
trap 'printf "\033[1;31merror:\033[0m %s stopped at line %s\n" "$0" "$LINENO" >&2' ERR

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
DEV=$ROOT/.dev
STAMPS=$DEV/stamps
VENV=$DEV/venv
PY=$VENV/bin/python
ADDON=account_reconciliation
DEMO_DB=${DEMO_DB:-reconciliation_demo}
TEST_DB=${TEST_DB:-reconciliation_test}
HTTP_PORT=${HTTP_PORT:-8069}

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf '\033[1;31merror:\033[0m %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# with_progress LABEL COMMAND...: runs it with its output in a log, shows seconds and the last line, explains a failure.
with_progress() {
    local label=$1 log pid start line
    shift
    mkdir -p "$DEV/log"
    log=$DEV/log/$(printf '%s' "$label" | tr -cs 'A-Za-z0-9' '-' | cut -c1-60).log
    start=$SECONDS
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        if [ -t 2 ]; then
            line=$(tail -n 1 "$log" 2>/dev/null | tr -d '\r' | cut -c1-90)
            printf '\r\033[K    %s (%ss) %s' "$label" $((SECONDS - start)) "$line" >&2
            sleep 0.5
        else
            if [ $(((SECONDS - start) % 20)) -eq 19 ]; then
                printf '    %s ... %ss\n' "$label" $((SECONDS - start)) >&2
            fi
            sleep 1
        fi
    done
    [ -t 2 ] && printf '\r\033[K' >&2
    if wait "$pid"; then
        printf '    %s: done in %ss\n' "$label" $((SECONDS - start)) >&2
    else
        printf '    %s: failed. The last lines of %s:\n' "$label" "$log" >&2
        tail -n 15 "$log" >&2
        return 1
    fi
}

# done_with NAME INPUTS: true where the step was finished with the same inputs; mark NAME INPUTS records it.
done_with() { [ -f "$STAMPS/$1" ] && [ "$(cat "$STAMPS/$1")" = "$2" ]; }
mark() { mkdir -p "$STAMPS"; printf '%s' "$2" >"$STAMPS/$1.new"; mv "$STAMPS/$1.new" "$STAMPS/$1"; }

# Where Odoo is: one's own (ODOO_BIN, ODOO_ADDONS_PATH), or the one that bootstrap unpacks.
OWN_ODOO=${ODOO_BIN:-}
ODOO_ROOT=$DEV/odoo/usr/lib/python3/dist-packages
ADDONS_DIR=$DEV/addons
if [ -n "$OWN_ODOO" ]; then
    ADDONS_PATH=$ADDONS_DIR${ODOO_ADDONS_PATH:+,$ODOO_ADDONS_PATH}
    ODOO_PYTHONPATH=${ODOO_PYTHONPATH:-$(cd "$(dirname "$OWN_ODOO")" && pwd)}
else
    ADDONS_PATH=$ADDONS_DIR,$ODOO_ROOT/odoo/addons
    ODOO_PYTHONPATH=$ODOO_ROOT
fi

# Where PostgreSQL is: one's own server (PGHOST and the like), or a private cluster on a unix socket.
# (PRIVATE_PG: one of these scripts has called another, and the PGHOST it sees is the private one.)
OWN_PG=${PGHOST:-}
[ -n "${PRIVATE_PG:-}" ] && OWN_PG=
if [ -z "$OWN_PG" ]; then
    PG_DIR=$DEV/pg
    if [ -L "$PG_DIR" ]; then PG_DIR=$(readlink -f "$PG_DIR"); fi
    PG_RUN=$PG_DIR/run
    # A unix socket's path may have 107 bytes at most.
    if [ "${#PG_RUN}" -gt 85 ]; then PG_RUN=/tmp/pg-$(printf '%s' "$PG_DIR" | cksum | cut -d' ' -f1); fi
    export PRIVATE_PG=1 PGHOST=$PG_RUN PGPORT=${PGPORT:-5469} PGUSER=odoo
    unset PGPASSWORD PGSERVICE
fi

pg_bin() {
    local dir
    if have initdb && have pg_ctl; then dirname "$(readlink -f "$(command -v pg_ctl)")"; return; fi
    for dir in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
        [ -x "$dir/initdb" ] && { echo "$dir"; return; }
    done
    return 1
}

# as_pg COMMAND...: PostgreSQL refuses to run as root, so root lends it the account that its package made.
as_pg() { if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

pg_start() {
    if [ -n "$OWN_PG" ]; then
        psql -d postgres -Atc 'select 1' >/dev/null || die "The PostgreSQL server at PGHOST=$PGHOST does not answer. Check PGHOST, PGPORT, PGUSER and PGPASSWORD."
        return
    fi
    if psql -d postgres -Atc 'select 1' >/dev/null 2>&1; then return; fi
    local bin
    bin=$(pg_bin)
    mkdir -p "$PG_RUN"
    [ "$(id -u)" -eq 0 ] && chown postgres "$PG_RUN"
    # No autovacuum: tests roll everything back, and statistics taken at such a moment say that full tables are empty.
    (cd / && as_pg "$bin/pg_ctl" -D "$PG_DIR/data" -w -t 60 -l "$PG_DIR/server.log" \
        -o "-k $PG_RUN -p $PGPORT -c listen_addresses='' -c autovacuum=off" start >/dev/null 2>&1 </dev/null 9>&-) \
        || die "PostgreSQL did not start; see $PG_DIR/server.log"
}

db_exists() { [ "$(psql -d postgres -Atc "select 1 from pg_database where datname = '$1'")" = 1 ]; }
# An installation that was interrupted leaves the module in another state than 'installed'.
db_ready() { db_exists "$1" && [ "$(psql -d "$1" -Atc "select state from ir_module_module where name = '$ADDON'" 2>/dev/null)" = installed ]; }

odoo() {
    PYTHONPATH=$ODOO_PYTHONPATH "$PY" "${OWN_ODOO:-$VENV/bin/odoo-run}" "$@"
}
odoo_options() {
    printf '%s\n' --addons-path="$ADDONS_PATH" --data-dir="$DEV/data" --db_host="$PGHOST" --db_port="${PGPORT:-5432}" \
        --db_user="${PGUSER:-$(id -un)}" --config="$DEV/odoo.conf"
}

# What the installed addon depends on: changes when a file of the addon does, so that a start knows whether to update.
addon_fingerprint() {
    (cd "$ROOT" && find . -name '.?*' -prune -o -path ./tests -prune -o -path ./script -prune -o \
        -type f ! -name '*.pyc' ! -name '*.png' ! -name '*.md' -print0 | sort -z | xargs -0 cat | cksum | tr -d ' \n')
}
