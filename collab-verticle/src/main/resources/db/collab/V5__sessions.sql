-- Sessions: who wrote in a document from when to when, and how much. Rows of the log are counted in before compaction takes
-- them away, and when somebody asks.

alter table collab.documents
    -- Everything up to this number of the log is counted into a session.
    add column sessions_seq bigint not null default 0 check (sessions_seq >= 0 and sessions_seq <= head_seq);
-- Of what was folded before there were sessions nothing is left to be counted. The owner is behind the wall, too.
alter table collab.documents no force row level security;
update collab.documents set sessions_seq = snapshot_seq where snapshot_seq > 0;
alter table collab.documents force row level security;

create table collab.sessions (
    document_id uuid not null references collab.documents (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    author_id uuid not null,
    -- Who brought it, or on whose behalf an agent wrote; null when that was nobody else.
    via_id uuid,
    began_at timestamptz not null,
    ended_at timestamptz not null check (ended_at >= began_at),
    -- Updates of the log, and units that they inserted and deleted.
    updates bigint not null,
    inserted bigint not null,
    deleted bigint not null,
    primary key (document_id, id)
);
create index sessions_newest on collab.sessions (document_id, began_at desc, id desc);
create index sessions_of_author on collab.sessions (document_id, author_id, ended_at desc);
create index sessions_ended on collab.sessions (ended_at);

-- Counts rows of the log from p_after to p_to into sessions: each of what somebody did goes on with their last session if
-- that ended less than p_pause before. False, and nothing done, when somebody else has counted meanwhile.
create function collab.count_sessions(
        p_document uuid, p_after bigint, p_to bigint, p_pause interval, p_authors uuid[], p_vias uuid[],
        p_began timestamptz[], p_ended timestamptz[], p_updates bigint[], p_inserted bigint[], p_deleted bigint[])
    returns boolean
    language plpgsql volatile
    as $$
declare
    stretch record;
begin
    update collab.documents d set sessions_seq = p_to where d.id = p_document and d.sessions_seq = p_after;
    if not found then
        return false;
    end if;
    for stretch in
        select * from unnest(p_authors, p_vias, p_began, p_ended, p_updates, p_inserted, p_deleted)
            with ordinality as s (author, via, began, ended, updates, inserted, deleted, place)
            order by place
    loop
        update collab.sessions s
            set ended_at = greatest(s.ended_at, stretch.ended), updates = s.updates + stretch.updates,
                inserted = s.inserted + stretch.inserted, deleted = s.deleted + stretch.deleted
            where s.document_id = p_document and s.id = (
                select l.id from collab.sessions l
                where l.document_id = p_document and l.author_id = stretch.author
                    and l.via_id is not distinct from stretch.via and l.ended_at > stretch.began - p_pause
                order by l.ended_at desc limit 1);
        if not found then
            insert into collab.sessions
                    (document_id, author_id, via_id, began_at, ended_at, updates, inserted, deleted)
                values (p_document, stretch.author, stretch.via, stretch.began, stretch.ended, stretch.updates,
                    stretch.inserted, stretch.deleted);
        end if;
    end loop;
    return true;
end
$$;

alter table collab.sessions enable row level security;
alter table collab.sessions force row level security;

create policy log_sessions on collab.sessions to materi_collab_log using (true) with check (true);
create policy read_sessions on collab.sessions for select to materi_collab
    using (exists (select from collab.documents d where d.id = document_id));

grant select on collab.sessions to materi_collab;
grant select, insert, update, delete on collab.sessions to materi_collab_log;
