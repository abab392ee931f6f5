-- Certificates of an authority elsewhere (ADR 14): what is wanted, what is under way, when it is renewed. Keys and certificates are files.
create table certificate (
    authority  text        not null,
    -- the first name; the other one is the wildcard below it
    subject    text        not null,
    -- last seen in use; who is not seen for long is not renewed
    seen_at    timestamptz not null,
    -- in the queue since
    wanted_at  timestamptz not null,
    -- nothing is tried before: the place in the queue, a renewal, a pause after a failure, or the lease of whoever is at it
    attempt_at timestamptz not null,
    attempts   int         not null default 0,
    problem    text,
    -- of the order under way
    order_url  text,
    -- the order under way stands in certificate_issuance already
    counted    boolean     not null default false,
    issued_at  timestamptz,
    expires_at timestamptz,
    primary key (authority, subject),
    check ((issued_at is null) = (expires_at is null)),
    check (order_url is not null or not counted)
);
create index certificate_due on certificate (authority, attempt_at);

-- What counts against the authority's limits, written before it is asked for: killed in between, one too many is counted, never one too few.
create table certificate_issuance (
    id        bigint generated always as identity primary key,
    authority text        not null,
    subject   text        not null,
    renewal   boolean     not null,
    at        timestamptz not null
);
create index certificate_issuance_by_time on certificate_issuance (authority, at);
