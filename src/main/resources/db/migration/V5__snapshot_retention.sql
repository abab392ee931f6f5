-- When an organization's history is thinned next; null: nothing will be due before another version comes.
-- Whoever adds a version sets it to ten minutes from then, unless it is earlier anyway.
alter table snapshot_series add column thin_at timestamptz default '-infinity';
create index snapshot_series_due on snapshot_series (thin_at) where thin_at is not null;

-- The sweep goes through all blobs in this order, share by share.
drop index blob_by_use;
create index blob_by_use on blob (used_at, sha256);
