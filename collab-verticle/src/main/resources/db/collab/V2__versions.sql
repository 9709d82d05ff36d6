-- Versions: whole states of documents, each a row of its own, so that nothing that folds the log can lose them.

create table collab.versions (
    document_id uuid not null references collab.documents (id) on delete cascade,
    id uuid not null,
    -- Null for one that was not asked for; such a one gives way when there are too many.
    name text check (length(name) between 1 and 120),
    generation int not null,
    -- It holds everything up to this number of the log, and nothing after it.
    seq bigint not null check (seq >= 0),
    -- Yjs update format v1, as a zlib stream (RFC 1950).
    state bytea not null,
    -- Bytes of the state when it is unpacked.
    size bigint not null check (size >= 0),
    -- Who asked for it; null when nobody did.
    author_id uuid,
    created_at timestamptz not null default now(),
    primary key (document_id, id)
);
-- Packed already.
alter table collab.versions alter column state set storage external;
create index versions_newest on collab.versions (document_id, created_at desc, id desc);

-- Keeps a version. One with that id is answered as it is, and in the place of one without a name any that holds the same
-- state. When the document keeps as many, or as many bytes, as it may, the oldest without a name give way; no row when all
-- have names.
create function collab.keep_version(
        p_document uuid, p_id uuid, p_name text, p_generation int, p_seq bigint, p_state bytea, p_size bigint, p_author uuid,
        p_most bigint, p_most_bytes bigint)
    returns table (
        document_id uuid, id uuid, name text, generation int, seq bigint, size bigint, author_id uuid,
        created_at timestamptz)
    language plpgsql volatile
    as $$
declare
    kept uuid;
begin
    perform pg_advisory_xact_lock(hashtextextended('collab.versions ' || p_document, 0));
    select v.id into kept from collab.versions v
        where v.document_id = p_document
            and (v.id = p_id or (p_name is null and v.generation = p_generation and v.seq = p_seq))
        order by v.id = p_id desc, v.created_at desc limit 1;
    if kept is null and collab.make_room(p_document, length(p_state), p_most, p_most_bytes) then
        insert into collab.versions (document_id, id, name, generation, seq, state, size, author_id)
            values (p_document, p_id, p_name, p_generation, p_seq, p_state, p_size, p_author)
            returning versions.id into kept;
    end if;
    return query
        select v.document_id, v.id, v.name, v.generation, v.seq, v.size, v.author_id, v.created_at
        from collab.versions v where v.document_id = p_document and v.id = kept;
end
$$;

-- Whether there is room for one more version of that many bytes, after old ones without a name have given way.
create function collab.make_room(p_document uuid, p_bytes bigint, p_most bigint, p_most_bytes bigint) returns boolean
    language plpgsql volatile
    as $$
declare
    versions bigint;
    bytes bigint;
begin
    loop
        select count(*), coalesce(sum(length(v.state)), 0) into versions, bytes
            from collab.versions v where v.document_id = p_document;
        if versions < p_most and bytes + p_bytes <= p_most_bytes then
            return true;
        end if;
        delete from collab.versions v
            where v.document_id = p_document and v.id = (
                select w.id from collab.versions w
                where w.document_id = p_document and w.name is null
                order by w.created_at, w.id limit 1);
        if not found then
            return false;
        end if;
    end loop;
end
$$;

alter table collab.versions enable row level security;
alter table collab.versions force row level security;

create policy log_versions on collab.versions to materi_collab_log using (true) with check (true);
create policy read_versions on collab.versions for select to materi_collab
    using (exists (select from collab.documents d where d.id = document_id));

grant select on collab.versions to materi_collab;
grant select, insert, update (name), delete on collab.versions to materi_collab_log;
