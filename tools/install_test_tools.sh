#!/bin/sh
# The real programs that scenario, browser and benchmark tests run against. Installs them where it
# may (root on Debian or Ubuntu); otherwise says loudly what will be skipped. CI skips nothing.
set -u
missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need chromium chromium
need prometheus prometheus
need prometheus-alertmanager prometheus-alertmanager
need amtool prometheus-alertmanager
need haproxy haproxy
need nginx nginx
need wrk wrk
need curl curl
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing for the tests:$missing"
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
fi
echo "=====================================================================" >&2
echo "NOT INSTALLED:$missing" >&2
echo "Tests that need them are SKIPPED. On Debian or Ubuntu: sudo apt-get install$missing" >&2
echo "=====================================================================" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
