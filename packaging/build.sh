#!/bin/sh
# Builds dist/guichet_VERSION_ARCH.deb: the same source and compiler give the same bytes.
# VERSION and SOURCE_DATE_EPOCH may be given; without them, git tells both. So may BUILD_FLAGS, where what the
# tests compiled is good enough. Needs Go, gcc, dpkg-dev.
set -eu
cd "$(dirname "$0")/.."
umask 022

tag=$(git describe --tags --match 'v[0-9]*' 2>/dev/null || true) # v1.2.3, or v1.2.3-4-g0123abc four commits later
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct)}"
: "${VERSION:=$(echo "${tag#v}" | tr - +)}"
: "${VERSION:=0~$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d).$(git rev-parse --short=12 HEAD)}"
export SOURCE_DATE_EPOCH
ARCH=$(dpkg --print-architecture)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
doc=$root/usr/share/doc/guichet
mkdir -p "$doc" "$root/DEBIAN" dist

put() { install -D -m "$1" "$2" "$root/$3"; } # put MODE SOURCE TARGET

program() {
  # shellcheck disable=SC2086 # several flags
  go build ${BUILD_FLAGS--trimpath -buildmode=pie} -o "$work/guichet" \
    -ldflags "-s -w -X main.version=v$VERSION -extldflags=-Wl,-z,relro,-z,now" ./cmd/guichet
  put 0755 "$work/guichet" usr/bin/guichet
}

manual() {
  go run -tags manual ./cmd/guichet -o "$work/manual"
  gzip -9n "$work"/manual/man/*
  for page in "$work"/manual/man/*; do
    put 0644 "$page" "usr/share/man/man1/${page##*/}"
  done
  put 0644 "$work/manual/completion/guichet" usr/share/bash-completion/completions/guichet
  put 0644 "$work/manual/completion/_guichet" usr/share/zsh/vendor-completions/_guichet
  put 0644 "$work/manual/completion/guichet.fish" usr/share/fish/vendor_completions.d/guichet.fish
}

# configuration is the example, with the database where the service may write. The config itself is written by
# guichet init: no upgrade ever asks what to do with it.
configuration() {
  sed 's|^url = "guichet.db"$|url = "/var/lib/guichet/guichet.db"|' config.example.toml >"$work/example.toml"
  grep -q '^url = "/var/lib/guichet/' "$work/example.toml"
  put 0644 "$work/example.toml" etc/guichet/config.example.toml
  echo /etc/guichet/config.example.toml >"$root/DEBIAN/conffiles"
}

# licences are those of everything that is linked, as their authors wrote them; the one that every Debian has is named.
licences() {
  cat packaging/debian/copyright.head
  printf '\n==== Go and its standard library\n\n'
  cat "$(go env GOROOT)/LICENSE"
  go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/guichet | sort -u |
    while read -r path version dir; do
      printf '\n==== %s %s\n\n' "$path" "$version"
      if grep -qs 'Version 2.0, January 2004' "$dir"/LICENSE*; then
        echo 'Apache License 2.0: /usr/share/common-licenses/Apache-2.0'
        cat "$dir"/NOTICE* 2>/dev/null || true # it must be passed on (section 4(d)), where there is one
        continue
      fi
      cat "$dir"/LICEN[CS]E* "$dir"/NOTICE* 2>/dev/null || [ -n "$(ls "$dir"/LICEN[CS]E*)" ]
    done
}

documents() {
  for page in operating monitoring oauth rules decisions; do
    put 0644 "docs/$page.md" "usr/share/doc/guichet/$page.md"
  done
  licences >"$doc/copyright"
  cat <<END | gzip -9n >"$doc/changelog.gz"
guichet ($VERSION) stable; urgency=medium

  * Source $(git rev-parse --short=12 HEAD); docs/operating.md tells how to upgrade.

 -- Guichet du Numérique <info@guichetdunumerique.be>  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
END
}

control() {
  mkdir "$work/debian" # without which dpkg-shlibdeps does not work
  touch "$work/debian/control"
  libraries=$(cd "$work" && dpkg-shlibdeps -O root/usr/bin/guichet 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
  sed -e "s|@VERSION@|$VERSION|" -e "s|@ARCH@|$ARCH|" -e "s|@LIBRARIES@|$libraries|" \
    -e "s|@SIZE@|$(du -sk --apparent-size "$root" | cut -f1)|" packaging/debian/control.in >"$root/DEBIAN/control"
  for script in postinst prerm postrm; do
    put 0755 "packaging/debian/$script" "DEBIAN/$script"
  done
  (cd "$root" && find lib usr -type f | LC_ALL=C sort | xargs md5sum) >"$root/DEBIAN/md5sums"
}

program
manual
configuration
documents
put 0644 packaging/guichet.service lib/systemd/system/guichet.service
put 0644 packaging/guichet.sysusers usr/lib/sysusers.d/guichet.conf
control
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
package=dist/guichet_${VERSION}_$ARCH.deb
dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$root" "$package" >&2
echo "$package"
