-- A flush costs less and waits less: one statement, whose plan is made once; no foreign key to look up for every row; and how far
-- was told of a document is written beside its row, not into it (docs/decisions/0011-what-a-flush-costs.md).

create table collab.announced (
    document_id uuid primary key references collab.documents (id) on delete cascade,
    -- The last sequence number that an event told of, and that of the event before.
    seq bigint not null,
    previous_seq bigint not null
) with (fillfactor = 60);
insert into collab.announced (document_id, seq, previous_seq)
    select d.id, d.announced_seq, 0 from collab.documents d where d.announced_seq > 0;
alter table collab.documents drop column announced_seq;
alter table collab.announced enable row level security;
alter table collab.announced force row level security;
create policy log_announced on collab.announced to materi_collab_log using (true) with check (true);
grant select, insert, update on collab.announced to materi_collab_log;

-- Rows of the log come from append_updates alone, of documents whose rows it has just locked; they go with their document.
alter table collab.updates drop constraint updates_document_id_fkey;
create function collab.forget_updates() returns trigger
    language plpgsql
    as $$
begin
    delete from collab.updates u where u.document_id = old.id;
    return null;
end
$$;
create trigger forget_updates after delete on collab.documents for each row execute function collab.forget_updates();

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
