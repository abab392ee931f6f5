#!/usr/bin/env bash
# block.sh <gateway's HTTP port> <org-uuid>...: the server block of each organization, as the seed has it ("Phase 6").
set -euo pipefail

http_port="$1"
shift
for organization in "$@"; do
  cat >"${NGINX_DIR:?}/conf.d/org-$organization.conf" <<NGINX
upstream org-$organization-gw {
    server ${NODE_ADDRESS:?}:$http_port;
}

server {
    listen ${SEED_ADDRESS:?} ssl;
    server_name org-$organization.${SEED_DOMAIN:?} *.org-$organization.$SEED_DOMAIN;

    ssl_certificate $NGINX_DIR/ssl-cert.pem;
    ssl_certificate_key $NGINX_DIR/ssl-key.pem;

    location / {
        proxy_pass http://org-$organization-gw;
        proxy_http_version 1.1;
        proxy_set_header Upgrade \$http_upgrade;
        proxy_set_header Connection "upgrade";
        proxy_set_header Host \$host;
        proxy_set_header X-Real-IP \$remote_addr;
        proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto https;
    }
}
NGINX
done
