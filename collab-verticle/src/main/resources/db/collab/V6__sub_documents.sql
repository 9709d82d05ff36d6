-- Sub-documents of Yjs: documents of the log like any other, but that they stand in one that Shield knows, their parent, which
-- says who may read them, and with which they go.

alter table collab.documents
    add column parent_id uuid references collab.documents (id) on delete cascade,
    -- As the editor chose it.
    add column guid text,
    add constraint sub_document check (
        (parent_id is null and guid is null)
        or (parent_id <> id and guid ~ '^[A-Za-z0-9_.:-]{1,128}$'));
create unique index documents_in_document on collab.documents (parent_id, guid) where parent_id is not null;

-- Makes sure that a sub-document has a row, and its parent. False when the parent has p_most of them: one in which nobody has
-- written since yesterday, when it was first opened, gives way before that.
create function collab.ensure_sub_document(
        p_id uuid, p_parent uuid, p_guid text, p_workspace uuid, p_most bigint)
    returns boolean
    language plpgsql volatile
    as $$
declare
    others bigint;
begin
    if exists (select from collab.documents d where d.id = p_id) then
        return true;
    end if;
    insert into collab.documents (id, workspace_id) values (p_parent, p_workspace) on conflict (id) do nothing;
    perform pg_advisory_xact_lock(hashtextextended('collab.sub_documents ' || p_parent, 0));
    select count(*) into others from collab.documents d where d.parent_id = p_parent and d.id <> p_id;
    -- Before anything else is locked: a flush holds the parent's row while it waits for others.
    insert into collab.documents (id, workspace_id, generation, parent_id, guid)
        select p_id, p.workspace_id, p.generation, p.id, p_guid from collab.documents p where p.id = p_parent
        on conflict (id) do nothing;
    if others < p_most then
        return true;
    end if;
    delete from collab.documents d where d.id = (
        select e.id from collab.documents e
        where e.parent_id = p_parent and e.head_seq = 0 and e.created_at < now() - interval '1 day'
        order by e.created_at limit 1 for update skip locked);
    if found then
        return true;
    end if;
    delete from collab.documents d where d.id = p_id;
    return false;
end
$$;

-- What a sub-document has from its parent.
create function collab.follow_parent() returns trigger
    language plpgsql
    as $$
begin
    update collab.documents d set generation = new.generation, workspace_id = new.workspace_id
        where d.parent_id = new.id;
    return null;
end
$$;
create trigger follow_parent after update of generation, workspace_id on collab.documents for each row
    when (old.generation <> new.generation or old.workspace_id <> new.workspace_id)
    execute function collab.follow_parent();

drop policy read_documents on collab.documents;
create policy read_documents on collab.documents for select to materi_collab
    using (collab.may_read(coalesce(parent_id, id), workspace_id));

-- Takes documents that are gone for good out of the log, with their sub-documents and everything else of them. Locked in one
-- order, as a flush does.
create function collab.purge(p_documents uuid[]) returns void
    language plpgsql volatile
    as $$
begin
    perform 1 from collab.documents d
        where d.id = any (p_documents) or d.parent_id = any (p_documents) order by d.id for update;
    delete from collab.documents d where d.id = any (p_documents);
end
$$;

grant delete on collab.documents to materi_collab_log;
