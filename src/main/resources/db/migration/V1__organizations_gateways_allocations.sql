-- Organizations, their projects and members: what /gateway/config is made of.
create table organization (
    id         uuid primary key,
    name       text        not null check (char_length(name) between 1 and 200),
    -- counts the organization's allocations; only grows (DESIGN §2 "generation")
    generation bigint      not null default 0,
    created_at timestamptz not null
);

create table project (
    id              uuid primary key,
    organization_id uuid        not null references organization on delete cascade,
    name            text        not null check (char_length(name) between 1 and 200),
    active          boolean     not null default false,
    created_at      timestamptz not null
);
create index project_by_organization on project (organization_id, created_at, id);

create table member (
    organization_id uuid        not null references organization on delete cascade,
    user_id         uuid        not null,
    name            text        not null check (char_length(name) between 1 and 200),
    role            text        not null check (role in ('OWNER', 'EDITOR', 'VIEWER')),
    created_at      timestamptz not null,
    primary key (organization_id, user_id)
);

-- One row per pool member. The row keeps its name and ports, each container made for it is a new life.
create table gateway (
    id              uuid primary key,
    node            text        not null,
    slot            integer     not null check (slot >= 0),
    name            text        not null,
    http_port       integer     not null,
    vpn_port        integer     not null,
    state           text        not null
        check (state in ('CREATING', 'STARTING', 'READY', 'ALLOCATED', 'UNHEALTHY', 'REMOVING')),
    state_since     timestamptz not null,
    reason          text,
    life            uuid        not null,
    boot_token_hash bytea       not null check (octet_length(boot_token_hash) = 32),
    container_id    text,
    -- where the container's published ports are reached; known once it runs
    host            text,
    unique (node, slot)
);
create unique index gateway_by_boot_token on gateway (boot_token_hash);
create index gateway_ready on gateway (state_since, slot) where state = 'READY';

-- The tenancy of one organization on one gateway. Ended ones stay: they are the history.
create table allocation (
    id                   uuid primary key,
    organization_id      uuid        not null references organization on delete cascade,
    gateway_id           uuid        not null,
    generation           bigint      not null,
    state                text        not null check (state in ('HANDSHAKING', 'SERVING', 'ENDED')),
    -- null from the moment it was used: a handshake token works once
    handshake_token_hash bytea check (octet_length(handshake_token_hash) = 32),
    handshake_expires_at timestamptz not null,
    gateway_token_hash   bytea check (octet_length(gateway_token_hash) = 32),
    started_at           timestamptz not null,
    serving_at           timestamptz,
    ended_at             timestamptz,
    ended_reason         text,
    unique (organization_id, generation),
    check ((state = 'ENDED') = (ended_at is not null))
);
-- Invariant 1 of DESIGN §4: at most one live allocation per organization and per gateway.
create unique index allocation_live_organization on allocation (organization_id) where state <> 'ENDED';
create unique index allocation_live_gateway on allocation (gateway_id) where state <> 'ENDED';
create unique index allocation_by_handshake_token on allocation (handshake_token_hash)
    where handshake_token_hash is not null;
create unique index allocation_by_gateway_token on allocation (gateway_token_hash)
    where gateway_token_hash is not null;

-- What operators asked for beyond the configured pool size.
create table pool_size (
    singleton     boolean primary key default true check (singleton),
    added_members integer not null default 0 check (added_members >= 0)
);
insert into pool_size default values;
