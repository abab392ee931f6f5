-- Every table of Ganymede: name, rows, and a checksum that does not depend on their order. One line each.
set timezone = 'UTC';
set datestyle = 'ISO, YMD';
set intervalstyle = 'postgres';
set bytea_output = 'hex';
set extra_float_digits = 1;
select format(
    $$select %1$L, count(*), coalesce(sum(('x' || substr(h, 1, 16))::bit(64)::bigint::numeric), 0) || ':'
        || coalesce(sum(('x' || substr(h, 17, 16))::bit(64)::bigint::numeric), 0)
      from (select md5(t::text) as h from %2$s t offset 0) rows$$,
    c.relname, c.oid::regclass)
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
order by c.relname collate "C" \gexec
