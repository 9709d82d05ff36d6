-- The update log of live documents: what was committed, in which order, by whom.
--
-- materi_collab_log (flusher, loader, compactor, announcer) works without a user and sees everything by a policy of its own.
-- materi_collab works for one user at a time and reads what that user may read.

create table collab.documents (
    id uuid primary key,
    workspace_id uuid not null,
    -- Rises when the document is seeded anew; client ids of earlier generations are never accepted again.
    generation int not null default 1,
    -- The last sequence number that was given out; gapless.
    head_seq bigint not null default 0 check (head_seq >= 0),
    -- Everything up to snapshot_seq as one update in Yjs format v1; rows of the log stand after it.
    snapshot bytea,
    snapshot_seq bigint not null default 0 check (snapshot_seq >= 0 and snapshot_seq <= head_seq),
    -- Size of the last snapshot that was encoded from the document itself rather than merged.
    canonical_bytes bigint not null default 0,
    -- What stands in the log after the snapshot.
    tail_rows bigint not null default 0,
    tail_bytes bigint not null default 0,
    -- The last sequence number that an event told of.
    announced_seq bigint not null default 0,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
) with (fillfactor = 60);

create table collab.updates (
    document_id uuid not null references collab.documents (id) on delete cascade,
    seq bigint not null,
    -- Yjs update format v1.
    bytes bytea not null,
    -- Whose edit it is.
    author_id uuid not null,
    -- On whose behalf the author, an agent, wrote; else null.
    via_id uuid,
    committed_at timestamptz not null default now(),
    primary key (document_id, seq)
);

-- Who wrote and deleted what, of rows that compaction has taken out of the log: ranges of clocks of one Yjs client.
create table collab.attribution (
    document_id uuid not null references collab.documents (id) on delete cascade,
    client_id bigint not null,
    from_clock bigint not null,
    -- Exclusive.
    to_clock bigint not null check (to_clock > from_clock),
    deleted boolean not null,
    author_id uuid not null,
    -- Who brought it, when that was somebody else.
    via_id uuid,
    committed_at timestamptz not null
);
create index attribution_ranges on collab.attribution (document_id, client_id, from_clock);

-- A Yjs client id belongs to the first user whose authenticated socket used it in its presence.
create table collab.client_claims (
    document_id uuid not null references collab.documents (id) on delete cascade,
    client_id bigint not null,
    user_id uuid not null,
    claimed_at timestamptz not null default now(),
    primary key (document_id, client_id)
);

-- Whether the user of this transaction may read a document. Looks up Shield's functions when it runs, since Shield may
-- migrate later than this.
create function collab.may_read(document uuid, workspace uuid) returns boolean
    language plpgsql stable
    as $$
begin
    return workspace in (select auth.my_workspaces()) or document in (select auth.my_documents());
end
$$;

-- Appends updates of many documents, in the order given, with the next sequence numbers of each. All rows are locked in one
-- order first, so that two flushers never wait for each other in a circle. A document that does not exist is left out of
-- the answer.
create function collab.append_updates(p_documents uuid[], p_bytes bytea[], p_authors uuid[], p_vias uuid[])
    returns table (document_id uuid, last_seq bigint, appended bigint, rows_after bigint, bytes_after bigint)
    language plpgsql volatile
    as $$
begin
    perform 1 from collab.documents d where d.id = any (p_documents) order by d.id for update;
    insert into collab.updates (document_id, seq, bytes, author_id, via_id)
        select d.id, d.head_seq + row_number() over (partition by d.id order by e.place), e.bytes, e.author_id, e.via_id
        from unnest(p_documents, p_bytes, p_authors, p_vias) with ordinality as e (id, bytes, author_id, via_id, place)
            join collab.documents d on d.id = e.id;
    return query
        update collab.documents d
        set head_seq = d.head_seq + c.entries,
            tail_rows = d.tail_rows + c.entries,
            tail_bytes = d.tail_bytes + c.size,
            changed_at = now()
        from (
            select e.id, count(*) as entries, sum(length(e.bytes)) as size
            from unnest(p_documents, p_bytes) as e (id, bytes)
            group by e.id
        ) c
        where d.id = c.id
        returning d.id, d.head_seq, c.entries, d.tail_rows, d.tail_bytes;
end
$$;

-- Appends one update if the log still ends at `p_expected`; no row when it does not.
create function collab.append_if(p_document uuid, p_expected bigint, p_bytes bytea, p_author uuid, p_via uuid)
    returns table (document_id uuid, last_seq bigint, appended bigint, rows_after bigint, bytes_after bigint)
    language plpgsql volatile
    as $$
begin
    perform 1 from collab.documents d where d.id = p_document and d.head_seq = p_expected for update;
    if found then
        return query select * from collab.append_updates(array[p_document], array[p_bytes], array[p_author], array[p_via]);
    end if;
end
$$;

-- --- the tenant wall -------------------------------------------------------------------------------------------------------

alter table collab.documents enable row level security;
alter table collab.documents force row level security;
alter table collab.updates enable row level security;
alter table collab.updates force row level security;
alter table collab.attribution enable row level security;
alter table collab.attribution force row level security;
alter table collab.client_claims enable row level security;
alter table collab.client_claims force row level security;

create policy log_documents on collab.documents to materi_collab_log using (true) with check (true);
create policy log_updates on collab.updates to materi_collab_log using (true) with check (true);
create policy log_attribution on collab.attribution to materi_collab_log using (true) with check (true);
create policy log_client_claims on collab.client_claims to materi_collab_log using (true) with check (true);

create policy read_documents on collab.documents for select to materi_collab
    using (collab.may_read(id, workspace_id));
create policy read_updates on collab.updates for select to materi_collab
    using (exists (select from collab.documents d where d.id = document_id));
create policy read_attribution on collab.attribution for select to materi_collab
    using (exists (select from collab.documents d where d.id = document_id));
create policy read_client_claims on collab.client_claims for select to materi_collab
    using (exists (select from collab.documents d where d.id = document_id));

grant usage on schema collab to materi_collab, materi_collab_log;
grant select on collab.documents, collab.updates, collab.attribution, collab.client_claims to materi_collab;
grant select, insert, update on collab.documents to materi_collab_log;
grant select, insert, delete on collab.updates to materi_collab_log;
grant select, insert on collab.attribution to materi_collab_log;
grant select, insert on collab.client_claims to materi_collab_log;
