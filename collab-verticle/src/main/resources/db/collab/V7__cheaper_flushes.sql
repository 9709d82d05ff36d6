-- A flush costs less and waits less: one statement, whose plan is made once; no foreign key to look up for every row; and how far
-- was told of a document is written beside its row, not into it (docs/decisions/0011-what-a-flush-costs.md).

-- Nodes that still run the version before may be flushing.
lock table collab.documents, collab.updates in access exclusive mode;

create table collab.announced (
    document_id uuid primary key,
    -- The last sequence number that an event told of, and that of the event before.
    seq bigint not null,
    previous_seq bigint not null
) with (fillfactor = 60);
-- The owner is behind the wall, too.
alter table collab.documents no force row level security;
insert into collab.announced (document_id, seq, previous_seq)
    select d.id, d.announced_seq, 0 from collab.documents d where d.announced_seq > 0;
alter table collab.documents force row level security;
alter table collab.documents drop column announced_seq;
alter table collab.announced enable row level security;
alter table collab.announced force row level security;
create policy log_announced on collab.announced to materi_collab_log using (true) with check (true);
grant select, insert, update, delete on collab.announced to materi_collab_log;

-- Rows of the log come from append_updates alone, of documents whose rows it has just locked. They go with their document, and so
-- does how far was told of it: by the hand of whoever takes the document away, since the owner of the tables, by whom a foreign
-- key would cascade, does not see them.
alter table collab.updates drop constraint updates_document_id_fkey;
create or replace function collab.purge(p_documents uuid[]) returns void
    language plpgsql volatile
    as $$
declare
    gone uuid[];
begin
    perform 1 from collab.documents d
        where d.id = any (p_documents) or d.parent_id = any (p_documents) order by d.id for update;
    -- Looked for anew, now that no sub-document can be added.
    gone := array(
        select d.id from collab.documents d where d.id = any (p_documents) or d.parent_id = any (p_documents));
    delete from collab.updates u where u.document_id = any (gone);
    delete from collab.announced a where a.document_id = any (gone);
    delete from collab.documents d where d.id = any (p_documents);
end
$$;

-- Numbers what is to be appended and appends it. Documents are locked in the order of their ids: without a scan of the whole table
-- every plan goes through them as the grouped entries come. Planned once: to plan for every flush cost more than the flush,
-- and to keep a plan is safe because the index is there from the first row on.
create or replace function collab.append_updates(
        p_documents uuid[], p_bytes bytea[], p_authors uuid[], p_vias uuid[])
    returns table (document_id uuid, last_seq bigint, appended bigint, rows_after bigint, bytes_after bigint)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    as $$
begin
    return query
        with numbered as (
            update collab.documents d
            set head_seq = d.head_seq + c.entries,
                tail_rows = d.tail_rows + c.entries,
                tail_bytes = d.tail_bytes + c.size,
                changed_at = now(),
                unversioned_since = coalesce(d.unversioned_since, now())
            from (
                select e.id, count(*) as entries, sum(length(e.bytes)) as size
                from unnest(p_documents, p_bytes) as e (id, bytes)
                group by e.id
                order by e.id
            ) c
            where d.id = c.id
            returning d.id, d.head_seq, c.entries, d.tail_rows, d.tail_bytes
        ), inserted as (
            insert into collab.updates (document_id, seq, bytes, author_id, via_id)
                select e.id, n.head_seq - n.entries + row_number() over (partition by e.id order by e.place),
                    e.bytes, e.author_id, e.via_id
                from unnest(p_documents, p_bytes, p_authors, p_vias)
                        with ordinality as e (id, bytes, author_id, via_id, place)
                    join numbered n on n.id = e.id
        )
        select n.id, n.head_seq, n.entries, n.tail_rows, n.tail_bytes from numbered n;
end
$$;
