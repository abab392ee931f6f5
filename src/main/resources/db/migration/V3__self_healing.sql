-- What the pool needs to heal itself: wishes of operators, failures to back off from, which image a life runs.
alter table gateway
    -- no new organization comes to it
    add column cordoned    boolean not null default false,
    -- its container is to be replaced; an organization that it serves is moved first
    add column recycle     boolean not null default false,
    -- lives in a row that came to nothing
    add column failures    integer not null default 0 check (failures >= 0),
    -- no new life begins before
    add column not_before  timestamptz,
    -- the engine's id of the image of this life; null: as configured
    add column image       text;

alter table allocation
    -- whether the organization is to be served again, by another gateway, when this ends; null: the reason of its end says it
    add column revive      boolean,
    -- mark of the process that makes the handshake: it holds an advisory lock with it while it lives
    add column starter     integer,
    -- without a sign of life until then the gateway counts as lost; null until it serves
    add column silent_at   timestamptz;

create index allocation_by_organization on allocation (organization_id, generation desc);

-- Organizations that lost their gateway and wait for another one, first come first served, before every new start.
create table revival (
    organization_id uuid primary key references organization on delete cascade,
    queued_at       timestamptz not null,
    not_before      timestamptz not null,
    reason          text        not null,
    attempts        integer     not null default 0,
    last_failure    text
);

-- What operators asked of the pool; null: as configured.
drop table pool_size;
create table pool_settings (
    singleton      boolean primary key default true check (singleton),
    buffer         integer check (buffer >= 0),
    min_size       integer check (min_size >= 0),
    max_size       integer check (max_size >= 1),
    paused_at      timestamptz,
    paused_reason  text,
    -- since when there are more members than wanted: the cool-down before any leaves
    surplus_since  timestamptz,
    check (min_size <= max_size)
);
insert into pool_settings default values;

-- Rolling upgrades of the pool to another image, the newest last.
create table rollout (
    id                bigint generated always as identity primary key,
    image             text        not null,
    image_id          text        not null,
    -- what to go back to; null: as configured
    previous_image_id text,
    state             text        not null check (state in ('RUNNING', 'COMPLETED', 'STOPPED')),
    reason            text,
    -- lives on the new image that came to nothing: too many stop it
    setbacks          integer     not null default 0 check (setbacks >= 0),
    began_at          timestamptz not null,
    ended_at          timestamptz,
    check ((state = 'RUNNING') = (ended_at is null))
);
create unique index rollout_running on rollout ((true)) where state = 'RUNNING';

-- The stages of each organization's starts and stops, for "why is my organization not up?".
create table timeline (
    id              bigint generated always as identity primary key,
    organization_id uuid        not null references organization on delete cascade,
    -- null where no gateway was allocated
    generation      bigint,
    gateway_id      uuid,
    stage           text        not null,
    at              timestamptz not null,
    duration_micros bigint,
    -- null: it went well
    failure         text
);
create index timeline_by_organization on timeline (organization_id, id desc);
create index timeline_by_age on timeline (at);
