#!/bin/sh
# Makes what stands in for node:24-slim where no registry of images can be asked: Debian by debootstrap, Node and npm by npm.
# base.sh FOLDER: leaves an image node:24-slim in the storage FOLDER/storage.
set -eu
folder=$1
root=$folder/root
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$folder/debootstrap.log" 2>&1
mkdir "$folder/node"
cd "$folder/node"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node@24 npm@11
install -D -m 755 node_modules/node/bin/node "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules"
cp -a node_modules/npm "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
# Whoever must trust another issuer to reach the registry of packages must do so while the image is built, too.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
buildah() { command buildah --storage-driver vfs --root "$folder/storage" --runroot "$folder/run" "$@"; }
container=$(buildah from scratch)
buildah add --quiet "$container" "$root" /
buildah config --env PATH=/usr/local/bin:/usr/bin:/bin --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$container"
buildah commit --quiet "$container" docker.io/library/node:24-slim
buildah rm "$container" >/dev/null
rm -rf "$root" "$folder/node"
