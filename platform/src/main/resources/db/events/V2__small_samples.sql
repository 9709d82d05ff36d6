-- Autovacuum's ANALYZE holds a snapshot for as long as it samples a table, and sorts what it sampled: most of a second for this one,
-- of which the planner needs no more than that its indexes tell apart.
alter table events.store
    alter column event_id set statistics 1,
    alter column topic set statistics 1,
    alter column type set statistics 1,
    alter column source set statistics 0,
    alter column subject set statistics 10,
    alter column happened_at set statistics 10,
    alter column workspace_id set statistics 10,
    alter column actor_id set statistics 0,
    alter column traceparent set statistics 0,
    alter column payload set statistics 0,
    alter column stored_at set statistics 0;
