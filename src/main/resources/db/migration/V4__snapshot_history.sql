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
    -- who pushed the same last, and the first and the newest time of these pushes: so their repetitions are known
    confirmed_generation bigint,
    confirmed_from  timestamptz,
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
    -- since when its parts are known not to be all that were stored: no push mends that
    damaged_at      timestamptz,
    primary key (organization_id, version)
);
create index snapshot_by_age on snapshot (stored_at);
create index snapshot_by_digest on snapshot (organization_id, digest);
-- what a pull offers to the gateway: hardly ever any
create index snapshot_to_merge on snapshot (organization_id, version) where kind = 'RESCUE' and merged_at is null;

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
-- The container's life that serves it: only in its log directory may it leave data that it could not push. Null (of before): nowhere.
alter table allocation add column life uuid;

-- What is there already becomes version 1, one organization after the other. What can't be taken apart (it was stored as it came, unchecked) stays where it is,
-- for a person to look at, and does not keep the others from moving.
create temporary table moved (position integer, project_id uuid, sha256 bytea, data bytea) on commit drop;

do $$
declare
    organization uuid;
    old snapshot_v2%rowtype;
    content text;
    marked boolean;
    doc json;
begin
    for organization in select organization_id from snapshot_v2 loop
        begin
            select * into old from snapshot_v2 where organization_id = organization;
            content := convert_from(old.data, 'UTF8');
            -- escapes that PostgreSQL has no text for are carried through as characters of the private area, unless those are in it
            marked := content ~ '\\u(0000|[dD][89a-fA-F])'
                and content = translate(content, chr(57344) || chr(57345) || chr(57346), '');
            if marked then
                content := replace(replace(replace(content,
                    '\\', chr(57344)), '\"', chr(57345)), '\', chr(57346));
            end if;
            doc := content::json;
            if exists (select 1 from json_object_keys(doc) as key where key not in ('yjs_state', 'gateway_state')) then
                raise exception 'there is more in it than yjs_state and gateway_state';
            end if;
            delete from moved;
            insert into moved (position, project_id, data)
            select state.position - 1, state.key::uuid, decode(state.value, 'base64')
            from json_each_text(doc -> 'yjs_state') with ordinality as state (key, value, position);
            insert into moved (position, data)
            select (select count(*) from moved), convert_to(case
                when marked then replace(replace(replace((doc -> 'gateway_state')::text,
                    chr(57346), '\'), chr(57345), '\"'), chr(57344), '\\')
                else (doc -> 'gateway_state')::text end, 'UTF8')
            where doc -> 'gateway_state' is not null;
            update moved set sha256 = sha256(data);

            insert into blob (sha256, size_bytes, data, used_at)
            select distinct on (sha256) sha256, octet_length(data),
                case when octet_length(data) <= 1048576 then data end, now()
            from moved on conflict do nothing;
            insert into blob_chunk (sha256, position, data)
            select distinct on (sha256, chunk) sha256, chunk, substring(data from chunk * 1048576 + 1 for 1048576)
            from moved cross join lateral generate_series(0, (octet_length(data) - 1) / 1048576) as chunk
            where octet_length(data) > 1048576 on conflict do nothing;

            insert into snapshot (organization_id, version, lineage, kind, generation, gateway_id, taken_at,
                                  confirmed_generation, confirmed_from, confirmed_at, stored_at, digest, size_bytes)
            select organization, 1, 0, 'PUSH', old.generation, old.gateway_id, old.taken_at,
                old.generation, old.taken_at, old.taken_at, old.stored_at,
                sha256(convert_to(coalesce(string_agg(
                    coalesce(project_id::text, 'gateway_state') || ':' || encode(sha256, 'hex') || chr(10), ''
                    order by project_id nulls last), ''), 'UTF8')),
                -- of the JSON that a pull gives: {"yjs_state":{}}, "<project>":"<base64>" with commas between, ,"gateway_state":
                16 + greatest(count(project_id) - 1, 0) + coalesce(sum(case
                    when project_id is null then 17 + octet_length(data)
                    else 41 + (octet_length(data) + 2) / 3 * 4 end), 0)
            from moved;
            insert into snapshot_part (organization_id, version, position, project_id, sha256, changed_at)
            select organization, 1, position, project_id, sha256, old.stored_at from moved;
            insert into snapshot_series (organization_id, last_version, head_version, generation)
            values (organization, 1, 1, old.generation);
            delete from snapshot_v2 where organization_id = organization;
        exception
            when data_exception or raise_exception or not_null_violation or invalid_parameter_value then
                raise warning 'the snapshot of organization % stays in table snapshot_v2: %', organization, sqlerrm;
        end;
    end loop;
    if not exists (select 1 from snapshot_v2) then
        drop table snapshot_v2;
    end if;
end
$$;
