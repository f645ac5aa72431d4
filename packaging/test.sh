#!/bin/sh
# What an operator lives through, on a machine that can be spoilt, as root: install, first files, upgrade, remove,
# install again, purge. Works without a running systemd. `packaging/test.sh short` compiles as the tests do, builds once
# and upgrades nothing. `packaging/test.sh systemd` lives through the same, and all that a service knows, in a container with
# a running systemd, and spoils nothing; where none can be started it says why, and skips. It needs systemd-container.
set -eu
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive

fail() { echo "packaging: $*" >&2; exit 1; }
holds() { "$@" || fail "does not hold: $*"; } # holds COMMAND... : it must succeed
state() { stat -c '%a %U:%G' "$1"; }          # mode and owner

if [ "${1:-}" = systemd ]; then
  exec go test -count=1 -v -tags e2e -run '^TestUnderSystemd$' ./packaging
fi

[ "$(id -u)" = 0 ] || fail 'installing takes root'
for trace in /etc/guichet /var/lib/guichet /usr/bin/guichet; do
  [ ! -e "$trace" ] || fail "$trace exists: this test purges guichet and must not meet a real one"
done

short=${1:-}
[ -z "$short" ] || export BUILD_FLAGS=
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# build VERSION : the package, kept apart.
build() {
  deb=$(VERSION=$1 packaging/build.sh 2>/dev/null)
  mv "$deb" "$scratch/"
  deb=$scratch/${deb##*/}
}

# as_guichet ARGUMENTS... : the program as the service's user.
as_guichet() { setpriv --reuid=guichet --regid=guichet --clear-groups guichet "$@"; }

settle() { # write a config, and let one pass make the database: no mail server answers here
  sed -e 's|^#\(address = "info@.*\)|\1|' -e 's|^#username = .*|username = "info"|' \
    -e 's|^#server = .*|server = "127.0.0.1:1"|' -e 's|^security = "tls"|security = "none"|' \
    -e 's|^#addresses = |addresses = |' -e 's|^#password_file = "/etc/guichet/imap.*|password_file = "/etc/guichet/imap-password"|' \
    /etc/guichet/config.example.toml | install -m 0600 -o guichet -g guichet /dev/stdin /etc/guichet/guichet.toml
  install -m 0600 -o guichet -g guichet /dev/null /etc/guichet/imap-password
  echo secret >/etc/guichet/imap-password
  if as_guichet once -c /etc/guichet/guichet.toml 2>"$scratch/once"; then fail 'a pass without a server succeeded'; fi
  [ -s /var/lib/guichet/guichet.db ] || { cat "$scratch/once" >&2; fail 'the first pass made no database'; }
}

installed() {
  holds [ "$(state /etc/guichet)" = '750 guichet:guichet' ]
  holds [ "$(state /var/lib/guichet)" = '700 guichet:guichet' ]
  holds [ "$(getent passwd guichet | cut -d: -f7)" = /usr/sbin/nologin ]
  guichet version | grep -qE "^guichet v$1( |\$)" || fail "guichet version does not say v$1"
  holds test -s /usr/share/bash-completion/completions/guichet
  holds test -s /usr/share/man/man1/guichet-run.1.gz -o -e /etc/dpkg/dpkg.cfg.d/docker # slim images leave manuals out
  if command -v systemd-analyze >/dev/null; then
    systemd-analyze verify --man=no guichet.service || fail 'systemd does not like the unit'
  fi
}

build 0.1
first=$deb
if command -v lintian >/dev/null; then
  lintian --allow-root --fail-on error "$first" || fail 'the package breaks a rule of Debian'
fi
if [ -z "$short" ]; then
  cp "$first" "$scratch/before.deb"
  build 0.1
  holds cmp "$first" "$scratch/before.deb"
  echo 'built twice: the same bytes'
  build 0.2
fi

apt-get install -qq -y --no-install-recommends "$first" >/dev/null
installed 0.1
settle
cp /etc/guichet/guichet.toml "$scratch/config"
cp /var/lib/guichet/guichet.db "$scratch/db"
echo "installed: $(stat -c %s "$first") bytes packed, config and database in place"

if [ -z "$short" ]; then
  apt-get install -qq -y "$deb" >/dev/null
  installed 0.2
  holds cmp /etc/guichet/guichet.toml "$scratch/config"
  holds cmp /var/lib/guichet/guichet.db "$scratch/db"
  as_guichet cases -c /etc/guichet/guichet.toml >/dev/null 2>&1 || fail 'the new version does not read the old database'
  echo 'upgraded: config and database kept'
fi

apt-get remove -qq -y guichet >/dev/null
holds [ ! -e /usr/bin/guichet ]
holds cmp /etc/guichet/guichet.toml "$scratch/config"
holds cmp /var/lib/guichet/guichet.db "$scratch/db"
holds [ "$(state /var/lib/guichet)" = '700 guichet:guichet' ]
echo 'removed: config and database kept'

apt-get install -qq -y --no-install-recommends "$deb" >/dev/null
holds cmp /etc/guichet/guichet.toml "$scratch/config"
holds cmp /var/lib/guichet/guichet.db "$scratch/db"
apt-get purge -qq -y guichet >/dev/null 2>&1
holds [ ! -e /etc/guichet ]
holds [ ! -e /var/lib/guichet ]
echo 'purged: nothing is left'
