-- What must hold in the data itself, whatever wrote it. One line for each thing that does not; none: all is well.
select 'blob ' || encode(b.sha256, 'hex') || ' is not what its hash says'
    || case when b.damaged_at is null then '' else ' (known since ' || b.damaged_at || ')' end
from blob b
cross join lateral (
    select coalesce(b.data, (
        select string_agg(c.data, ''::bytea order by c.position) from blob_chunk c where c.sha256 = b.sha256)) as data
) content
where sha256(content.data) is distinct from b.sha256 or octet_length(content.data) is distinct from b.size_bytes;

-- The digest of a version, from its parts, as a gateway computes it.
select 'version ' || s.version || ' of ' || s.organization_id || ' is not what its digest says'
from snapshot s
where s.digest is distinct from sha256(convert_to(coalesce((
    select string_agg(coalesce(p.project_id::text, 'gateway_state') || ':' || encode(p.sha256, 'hex') || chr(10), ''
        order by p.project_id nulls last)
    from snapshot_part p where p.organization_id = s.organization_id and p.version = s.version), ''), 'UTF8'));

select 'the newest version of ' || r.organization_id || ' is missing: ' || r.head_version
from snapshot_series r
where r.head_version is not null and not exists (
    select from snapshot s where s.organization_id = r.organization_id and s.version = r.head_version);

select 'versions of ' || organization_id || ' are beyond its last one'
from snapshot_series r
where exists (select from snapshot s where s.organization_id = r.organization_id and s.version > r.last_version);

select 'the order of arrival would begin again'
where (select coalesce(max(arrival), 0) from snapshot_series) > (select last_value from push_arrival);
