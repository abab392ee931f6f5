#!/usr/bin/env bash
# The seed's own script ("Phase 3"), its allocate and deallocate as they stand there; only what it takes from its environment
# (directory, domain, addresses, key) is not written into it.
set -e

ACTION=$1
ARG=$2
POOL_DIR="${POOL_DIR:?}"

case $ACTION in
  allocate)
    ORG_UUID=$ARG

    # Find available gateway from pool
    # shellcheck disable=SC2012,SC2002 # as it stands
    AVAILABLE_GW=$(ls "${POOL_DIR}"/*.state 2>/dev/null | while read -r statefile; do
      STATE=$(cat "$statefile" | cut -d'|' -f2)
      if [ "$STATE" = "ready" ]; then
        basename "$statefile" .state
        break
      fi
    done | head -1)

    if [ -z "$AVAILABLE_GW" ]; then
      echo "No available gateways in pool! Create more with: $0 create <count>"
      exit 1
    fi

    # Get gateway info
    GATEWAY_INFO=$(cat "${POOL_DIR}/${AVAILABLE_GW}.state")
    GW_HTTP_PORT=$(echo "$GATEWAY_INFO" | cut -d'|' -f3)
    GW_VPN_PORT=$(echo "$GATEWAY_INFO" | cut -d'|' -f4)

    # Update gateway state
    sed -i "s/|ready|/|allocated|/" "${POOL_DIR}/${AVAILABLE_GW}.state"
    sed -i "s/|$/|${ORG_UUID}/" "${POOL_DIR}/${AVAILABLE_GW}.state"

    # Register org FQDN in PowerDNS (points to host IP, not container IP)
    ORG_FQDN="org-${ORG_UUID}.${SEED_DOMAIN:?}"

    # Register org domain AND wildcard for user containers
    curl --silent --fail -X PATCH "${PDNS_API_URL:?}/api/v1/servers/localhost/zones/${SEED_DOMAIN}." \
      -H "X-API-Key: ${PDNS_API_KEY:?}" \
      -H "Content-Type: application/json" \
      -d "{
        \"rrsets\": [
          {
            \"name\": \"${ORG_FQDN}.\",
            \"type\": \"A\",
            \"changetype\": \"REPLACE\",
            \"ttl\": 60,
            \"records\": [{\"content\": \"${HOST_ADDRESS:?}\", \"disabled\": false}]
          },
          {
            \"name\": \"*.${ORG_FQDN}.\",
            \"type\": \"A\",
            \"changetype\": \"REPLACE\",
            \"ttl\": 60,
            \"records\": [{\"content\": \"${HOST_ADDRESS}\", \"disabled\": false}]
          }
        ]
      }"

    # Return gateway info (Ganymede will handle DNS and Nginx)
    echo "${AVAILABLE_GW}|${GW_HTTP_PORT}|${GW_VPN_PORT}"
    ;;

  deallocate)
    ORG_UUID=$ARG

    # Find gateway allocated to this org
    ALLOCATED_GW=$(grep -l "|${ORG_UUID}$" "${POOL_DIR}"/*.state 2>/dev/null | xargs -r basename -s .state)

    # Return gateway to ready state
    sed -i "s/|allocated|/|ready|/" "${POOL_DIR}/${ALLOCATED_GW}.state"
    sed -i "s/|${ORG_UUID}$/|/" "${POOL_DIR}/${ALLOCATED_GW}.state"
    ;;
esac
