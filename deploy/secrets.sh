#!/bin/sh
# Makes the secrets that compose.yaml mounts, in deploy/secrets, and prints the key of the client "demo".
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
random() { openssl rand -base64 32 | tr -d '\n'; }
password=$(openssl rand -hex 24)
key=$(openssl rand -hex 24)
printf '%s' "$password" >secrets/postgres-password
printf 'postgres://soapstone:%s@postgres:5432/soapstone' "$password" >secrets/database-url
random >secrets/store-encryption-key
openssl rand -hex 24 | tr -d '\n' >secrets/admin-token
printf 'demo sha256:%s\n' "$(printf '%s' "$key" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')" >secrets/api-keys
# The service runs as user 1000, Prometheus as nobody: both only read.
chmod 755 secrets
chmod 644 secrets/*
echo "The key of the client: $key"
