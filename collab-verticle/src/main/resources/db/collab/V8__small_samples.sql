-- ANALYZE holds a snapshot for as long as it samples a table. While one is held, no row version that is younger can be taken away,
-- and a flush goes through all that the rows of its documents have left behind: 17 seconds of it made a flush take ten times as long
-- (docs/decisions/0013-what-stands-in-the-way-of-a-flush.md). These tables are asked for by their keys, for which a hundredth of the
-- usual sample tells the planner enough.
alter table collab.updates
    alter column document_id set statistics 1,
    alter column seq set statistics 1,
    alter column bytes set statistics 0,
    alter column author_id set statistics 0,
    alter column via_id set statistics 0,
    alter column committed_at set statistics 0;
alter table collab.attribution
    alter column document_id set statistics 1,
    alter column client_id set statistics 1,
    alter column from_clock set statistics 1,
    alter column to_clock set statistics 0,
    alter column deleted set statistics 0,
    alter column author_id set statistics 0,
    alter column via_id set statistics 0,
    alter column committed_at set statistics 0;
-- And what all documents of a server are numbered in, for a tenth.
alter table collab.documents
    alter column id set statistics 10,
    alter column workspace_id set statistics 10,
    alter column generation set statistics 0,
    alter column head_seq set statistics 0,
    alter column snapshot set statistics 0,
    alter column snapshot_seq set statistics 0,
    alter column canonical_bytes set statistics 0,
    alter column tail_rows set statistics 0,
    alter column tail_bytes set statistics 0,
    alter column sessions_seq set statistics 0,
    alter column created_at set statistics 0,
    alter column changed_at set statistics 10,
    alter column parent_id set statistics 10,
    alter column guid set statistics 0,
    alter column unversioned_since set statistics 10;
