-- Versions of the organizations' data. A version is a manifest; what it is made of is stored once, under its SHA-256.

-- One project's Yjs state (decoded), or a gateway_state (JSON text).
create table blob (
    sha256     bytea primary key check (octet_length(sha256) = 32),
    size_bytes bigint      not null check (size_bytes >= 0),
    -- null: in blob_chunk, since it is large
    data       bytea,
    -- what nobody refers to is swept when this is long ago; whoever is about to refer to a blob renews it first
    used_at    timestamptz not null,
    -- since when it is known not to have its hash any more; the next push of the same content mends it
    damaged_at timestamptz
);
-- compressed by Yjs' own encoding already: spare PostgreSQL the attempt (DESIGN §7 "Snapshots": 185 -> 45 ms for 10 MB)
alter table blob alter column data set storage external;
create index blob_by_use on blob (used_at);
create index blob_damaged on blob (damaged_at) where damaged_at is not null;

create table blob_chunk (
    sha256   bytea   not null references blob on delete cascade,
    position integer not null check (position >= 0),
    data     bytea   not null,
    primary key (sha256, position)
);
alter table blob_chunk alter column data set storage external;

-- V2's table is moved into the new ones below.
alter table snapshot rename to snapshot_v2;
alter index snapshot_pkey rename to snapshot_v2_pkey;

-- How an organization's versions stand: one row each, locked by whoever adds a version.
create table snapshot_series (
    organization_id uuid primary key references organization on delete cascade,
    last_version    bigint not null default 0,
    -- what a pull gives; null: nothing was ever stored
    head_version    bigint,
    -- counts restores: what a gateway pushes that loaded its data before the newest one is kept, but does not become the head
    lineage         bigint not null default 0,
    -- of the newest push that was accepted: its place in the order of arrival, and the gateway's own count
    generation      bigint not null default 0,
    arrival         bigint not null default 0,
    sequence        bigint,
    -- null: as configured
    quota_bytes     bigint check (quota_bytes > 0)
);

-- The order in which pushes arrive, whichever process takes them in.
create sequence push_arrival;

create table snapshot (
    organization_id uuid        not null references organization on delete cascade,
    version         bigint      not null check (version > 0),
    lineage         bigint      not null,
    kind            text        not null check (kind in ('PUSH', 'RESTORE', 'CLONE', 'RESCUE')),
    -- who pushed it; null where nobody did
    generation      bigint,
    gateway_id      uuid,
    -- the gateway's own clock, kept for display; never compared
    taken_at        timestamptz not null,
    -- that of the newest push of this generation that held the same
    confirmed_at    timestamptz not null,
    stored_at       timestamptz not null,
    -- over the projects and their hashes: two versions with one digest hold the same
    digest          bytea       not null check (octet_length(digest) = 32),
    -- of the JSON that a pull gives
    size_bytes      bigint      not null,
    -- RESTORE: the version; CLONE: the version of the other organization
    source_organization_id uuid,
    source_version  bigint,
    -- RESCUE: since when a later push includes it
    merged_at       timestamptz,
    primary key (organization_id, version)
);
create index snapshot_by_age on snapshot (stored_at);
create index snapshot_by_digest on snapshot (organization_id, digest);

create table snapshot_part (
    organization_id uuid        not null,
    version         bigint      not null,
    position        integer     not null check (position >= 0),
    -- null: the gateway_state
    project_id      uuid,
    sha256          bytea       not null references blob,
    -- when this content came in: that of the version before, while it is the same
    changed_at      timestamptz not null,
    primary key (organization_id, version, position),
    foreign key (organization_id, version) references snapshot on delete cascade
);
create index snapshot_part_by_blob on snapshot_part (sha256, organization_id);

-- The restores that the data of an allocation's gateway includes; null: none.
alter table allocation add column lineage bigint;

-- What is there already becomes version 1.
create temporary table moved on commit drop as
select s.organization_id, p.position::integer - 1 as position, p.project_id, p.data, sha256(p.data) as sha256
from snapshot_v2 s
cross join lateral (
    select state.position, state.key::uuid as project_id, decode(state.value, 'base64') as data
    from json_each_text(convert_from(s.data, 'UTF8')::json -> 'yjs_state') with ordinality as state (key, value, position)
    union all
    select 1000001, null, convert_to((convert_from(s.data, 'UTF8')::json -> 'gateway_state')::text, 'UTF8')
    where convert_from(s.data, 'UTF8')::json -> 'gateway_state' is not null
) p;

insert into blob (sha256, size_bytes, data, used_at)
select distinct on (sha256) sha256, octet_length(data), data, now() from moved;

insert into snapshot (organization_id, version, lineage, kind, generation, gateway_id, taken_at, confirmed_at, stored_at, digest, size_bytes)
select s.organization_id, 1, 0, 'PUSH', s.generation, s.gateway_id, s.taken_at, s.taken_at, s.stored_at,
    sha256(convert_to(coalesce((
        select string_agg(coalesce(m.project_id::text, 'gateway_state') || ':' || encode(m.sha256, 'hex') || chr(10), ''
            order by m.project_id nulls last)
        from moved m where m.organization_id = s.organization_id), ''), 'UTF8')),
    s.size_bytes
from snapshot_v2 s;

insert into snapshot_part (organization_id, version, position, project_id, sha256, changed_at)
select m.organization_id, 1, m.position, m.project_id, m.sha256, s.stored_at
from moved m join snapshot_v2 s using (organization_id);

insert into snapshot_series (organization_id, last_version, head_version, generation)
select organization_id, 1, 1, generation from snapshot_v2;

drop table snapshot_v2;
