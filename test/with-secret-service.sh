#!/usr/bin/env bash
# Runs a command beside a throw-away Secret Service: its own D-Bus session, its own home, one unlocked keyring, no display.
#
#   test/with-secret-service.sh secret-tool search --all service atoa-cli
#
# Nothing of the caller's session or keyring is seen or touched. The exit code is the command's own; 98 means that a package is
# missing, 97 that the service did not come up. SECRET_SERVICE_PID names the keyring daemon, for tests that stop it.
set -euo pipefail

complain() { echo "with-secret-service: $1" >&2; exit "$2"; }

if [ -z "${SECRET_SERVICE_STAGE:-}" ]; then
  for program in dbus-run-session dbus-send gnome-keyring-daemon secret-tool; do
    command -v "$program" >/dev/null ||
      complain "$program is missing: apt-get install --no-install-recommends dbus gnome-keyring libsecret-1-0 libsecret-tools" 98
  done
  stage=$(mktemp -d)
  trap 'rm -rf "$stage"' EXIT
  mkdir -m 700 "$stage/home" "$stage/runtime"
  unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL XDG_DATA_HOME XDG_CONFIG_HOME
  export SECRET_SERVICE_STAGE=$stage HOME=$stage/home XDG_RUNTIME_DIR=$stage/runtime
  status=0
  dbus-run-session -- "$0" "$@" || status=$?
  exit "$status"
fi

# The keyring needs a password that is not empty, or it makes no collection; and stays in front, or it outlives the session.
gnome-keyring-daemon --foreground --unlock --components=secrets < <(printf 'not a secret') >/dev/null 2>&1 &
export SECRET_SERVICE_PID=$!
trap 'kill -CONT "$SECRET_SERVICE_PID" 2>/dev/null || true; kill "$SECRET_SERVICE_PID" 2>/dev/null || true; wait "$SECRET_SERVICE_PID" 2>/dev/null || true' EXIT

owned() {
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null
}
for attempt in $(seq 1 100); do
  case "$(owned || true)" in *"boolean true"*) break ;; esac
  [ "$attempt" -lt 100 ] || complain "no Secret Service came up in 10 s" 97
  sleep 0.1
done

status=0
"$@" || status=$?
exit "$status"
