-- One function for each thing that is done with documents. Each sets the user first, in its own transaction, so that the row
-- policies hold inside it, and answers JSON as it is sent. Each runs with the rights of its caller.

-- RFC 3339 in UTC; twice as fast as to_char.
create function api.rfc3339(moment timestamptz) returns text
    language sql stable parallel safe
    return overlay((moment at time zone 'UTC')::text placing 'T' from 11 for 1) || 'Z';

-- A document as the REST interface shows it. Put together by hand, it costs a third of json_build_object, and a list of fifty
-- is mostly this.
create function api.document_json(d api.documents) returns text
    language sql stable parallel safe
    return '{"id":"' || d.id
        || '","workspace_id":"' || d.workspace_id
        || '","parent_id":' || coalesce('"' || d.parent_id || '"', 'null')
        || ',"title":' || to_json(d.title)::text
        || ',"created_by":"' || d.created_by
        || '","created_at":"' || api.rfc3339(d.created_at)
        || '","updated_at":"' || api.rfc3339(d.updated_at)
        || '","trashed_at":' || coalesce('"' || api.rfc3339(d.trashed_at) || '"', 'null') || '}';

-- One document for each id, read as its user: the first p_ends[1] ids by p_users[1], those up to p_ends[2] by p_users[2] and so
-- on. Setting the user, and finding out where they may read, costs as much as reading; so it is done once for each. r_at is the
-- place of the id. Who is not an editor of the workspace does not see its trash. Left to choose, PostgreSQL would plan the query
-- anew each time, which costs ten times what carrying it out does; the limit keeps the plan to one look into the index for each
-- id, however small the table was when it was made.
create function api.read_documents(p_users uuid[], p_ends integer[], p_ids uuid[])
    returns table (r_at integer, r_version bigint, r_workspace uuid, r_json text)
    language plpgsql set plan_cache_mode = force_generic_plan as
$$
declare
    before integer := 0;
begin
    for one in 1 .. cardinality(p_users) loop
        perform set_config('materi.user_id', p_users[one]::text, true);
        return query
            select before + wanted.place::integer, found.version, found.workspace_id, found.json
            from unnest(p_ids[before + 1 : p_ends[one]]) with ordinality wanted (id, place)
            cross join lateral (
                select d.version, d.workspace_id, api.document_json(d) as json
                from api.documents d
                where d.id = wanted.id
                  and (not d.trashed or d.workspace_id = any (array(select auth.my_workspaces('editor'))))
                limit 1) found;
        before := p_ends[one];
    end loop;
end
$$;

-- Newest first, after (p_after_time, p_after_id). One query for each kind of list, each read along an index and made so that
-- its plan is kept: planning one anew costs as much as running it.
create function api.list_documents(
    p_user uuid, p_workspace uuid, p_parent uuid, p_top boolean, p_trashed boolean, p_title text,
    p_after_time timestamptz, p_after_id uuid, p_limit integer)
    returns table (r_items text, r_more boolean, r_last_time timestamptz, r_last_id uuid, r_known boolean)
    language plpgsql as
$$
declare
    least_role text := case when p_trashed then 'editor' else 'viewer' end;
    workspaces uuid[];
    granted uuid[] := '{}';
    items text[];
    times timestamptz[];
    ids uuid[];
    known boolean := true;
begin
    perform set_config('materi.user_id', p_user::text, true);
    workspaces := array(
        select w from auth.my_workspaces(least_role) w where p_workspace is null or w = p_workspace);
    if cardinality(workspaces) = 0 or p_workspace is null then
        granted := array(select auth.my_documents());
    end if;
    if p_parent is not null then
        -- Below one document.
        select array_agg(f.item), array_agg(f.created_at), array_agg(f.id) into items, times, ids
        from (
            select api.document_json(x) as item, x.created_at, x.id
            from api.documents x
            where x.parent_id = p_parent
              and x.trashed = p_trashed
              and (x.created_at, x.id) < (p_after_time, p_after_id)
              and (p_workspace is null or x.workspace_id = p_workspace)
              and (not p_trashed or x.workspace_id = any (workspaces))
              and (p_title is null or position(lower(p_title) in lower(x.title)) > 0)
            order by x.created_at desc, x.id desc
            limit p_limit + 1) f;
    elsif cardinality(workspaces) = 1 and cardinality(granted) = 0 then
        -- One workspace.
        select array_agg(f.item), array_agg(f.created_at), array_agg(f.id) into items, times, ids
        from (
            select api.document_json(x) as item, x.created_at, x.id
            from api.documents x
            where x.workspace_id = workspaces[1]
              and x.trashed = p_trashed
              and (x.created_at, x.id) < (p_after_time, p_after_id)
              and (not p_top or x.parent_id is null)
              and (p_title is null or position(lower(p_title) in lower(x.title)) > 0)
            order by x.created_at desc, x.id desc
            limit p_limit + 1) f;
    else
        -- All workspaces, and what was granted one by one: at most a page of each.
        select array_agg(f.item), array_agg(f.created_at), array_agg(f.id) into items, times, ids
        from (
            select candidate.item, candidate.created_at, candidate.id
            from (
                (select d.*
                 from unnest(workspaces) w
                 cross join lateral (
                     select api.document_json(x) as item, x.created_at, x.id
                     from api.documents x
                     where x.workspace_id = w
                       and x.trashed = p_trashed
                       and (x.created_at, x.id) < (p_after_time, p_after_id)
                       and (not p_top or x.parent_id is null)
                       and (p_title is null or position(lower(p_title) in lower(x.title)) > 0)
                     order by x.created_at desc, x.id desc
                     limit p_limit + 1) d)
                union all
                (select api.document_json(x), x.created_at, x.id
                 from api.documents x
                 where x.id = any (granted)
                   and x.workspace_id <> all (workspaces)
                   and not x.trashed
                   and not p_trashed
                   and (x.created_at, x.id) < (p_after_time, p_after_id)
                   and (p_workspace is null or x.workspace_id = p_workspace)
                   and (not p_top or x.parent_id is null)
                   and (p_title is null or position(lower(p_title) in lower(x.title)) > 0)
                 order by x.created_at desc, x.id desc
                 limit p_limit + 1)
            ) candidate
            order by candidate.created_at desc, candidate.id desc
            limit p_limit + 1) f;
    end if;
    if p_workspace is not null and cardinality(workspaces) = 0 then
        known := exists (select 1 from api.documents d where d.id = any (granted) and d.workspace_id = p_workspace);
    end if;
    return query select
        '[' || coalesce(array_to_string(items[1:p_limit], ','), '') || ']',
        coalesce(cardinality(items), 0) > p_limit,
        times[p_limit],
        ids[p_limit],
        known;
end
$$;

-- Moves, trashing and restoring in one workspace take turns, so that no two of them together can close a circle or leave a
-- child outside the trash.
create function api.lock_tree(p_workspace uuid) returns void
    language sql volatile as
$$
    select pg_advisory_xact_lock(hashtextextended('api.tree:' || p_workspace::text, 0))
$$;

-- The document and what stands above it, at most 65 rows.
create function api.ancestors(p_id uuid) returns table (id uuid, depth integer)
    language sql stable as
$$
    with recursive above as (
        select d.id, d.parent_id, 1 as depth from api.documents d where d.id = p_id
        union all
        select d.id, d.parent_id, above.depth + 1
        from above join api.documents d on d.id = above.parent_id
        where above.depth < 65
    )
    select above.id, above.depth from above
$$;

-- The document and what stands below it, trashed or not, at most p_most rows.
create function api.subtree(p_id uuid, p_most integer) returns table (id uuid, depth integer)
    language sql stable as
$$
    with recursive below as (
        select d.id, 1 as depth from api.documents d where d.id = p_id
        union all
        select d.id, below.depth + 1
        from below join api.documents d on d.parent_id = below.id
        where below.depth < 130
    )
    select below.id, below.depth from below limit p_most
$$;

-- Why a document cannot stand below a parent; null when it can. The tree is locked.
create function api.place_problem(p_id uuid, p_workspace uuid, p_parent uuid) returns text
    language plpgsql as
$$
declare
    parent api.documents;
begin
    select * into parent from api.documents d where d.id = p_parent and d.workspace_id = p_workspace;
    if not found then
        return 'parent_unknown';
    elsif parent.trashed then
        return 'parent_trashed';
    elsif exists (select 1 from api.ancestors(p_parent) a where a.id = p_id) then
        return 'cycle';
    elsif (select max(a.depth) from api.ancestors(p_parent) a)
          + coalesce((select max(s.depth) from api.subtree(p_id, 100000) s), 1) > 64 then
        return 'too_deep';
    end if;
    return null;
end
$$;

-- A document for each place of the arrays, each made as its own user, with the fact that states it. One row a place, in order.
-- Outcomes: ok; again (the second attempt of a request whose first one got this far); taken, parent_unknown, parent_trashed,
-- too_deep. The row is put together here and not read back: reading asks the row policy once more.
create function api.create_documents(
    p_users uuid[], p_ids uuid[], p_workspaces uuid[], p_parents uuid[], p_titles text[], p_event_ids uuid[], p_events bytea[])
    returns table (r_outcome text, r_version bigint, r_json text)
    language plpgsql as
$$
declare
    made api.documents;
begin
    made.created_at := now();
    made.updated_at := made.created_at;
    made.version := 1;
    for place in 1 .. cardinality(p_ids) loop
        perform set_config('materi.user_id', p_users[place]::text, true);
        made.id := p_ids[place];
        made.workspace_id := p_workspaces[place];
        made.parent_id := p_parents[place];
        made.title := p_titles[place];
        made.created_by := p_users[place];
        r_outcome := null;
        r_json := '';
        r_version := made.version;
        if made.parent_id is not null then
            perform api.lock_tree(made.workspace_id);
            r_outcome := api.place_problem(made.id, made.workspace_id, made.parent_id);
        end if;
        if r_outcome is null then
            insert into api.documents (id, workspace_id, parent_id, title, created_by, created_at, updated_at, version)
                values (made.id, made.workspace_id, made.parent_id, made.title, made.created_by,
                        made.created_at, made.updated_at, made.version)
                on conflict do nothing;
            if found then
                insert into events.outbox (event_id, topic, payload)
                    values (p_event_ids[place], 'documents', p_events[place]);
                r_outcome := 'ok';
                r_json := api.document_json(made);
            elsif exists (select from api.documents d where d.id = made.id and d.created_by = made.created_by) then
                r_outcome := 'again';
            else
                r_outcome := 'taken';
            end if;
        end if;
        return next;
    end loop;
end
$$;

-- Outcomes: ok, not_found, forbidden, etag, trashed, parent_unknown, parent_trashed, cycle, too_deep.
create function api.update_document(
    p_user uuid, p_id uuid, p_versions bigint[], p_title text, p_move boolean, p_parent uuid)
    returns table (
        r_outcome text, r_version bigint, r_workspace uuid, r_json text, r_old_title text, r_old_parent uuid)
    language plpgsql as
$$
declare
    known api.documents;
    changed api.documents;
    problem text;
begin
    perform set_config('materi.user_id', p_user::text, true);
    select * into known from api.documents d
        where d.id = p_id and (not d.trashed or d.workspace_id in (select auth.my_workspaces('editor')));
    if not found then
        return query select 'not_found', 0::bigint, null::uuid, null::text, null::text, null::uuid;
        return;
    end if;
    if p_move then
        perform api.lock_tree(known.workspace_id);
    end if;
    -- Sees only what the user may change.
    select * into known from api.documents d where d.id = p_id for no key update;
    if not found then
        problem := 'forbidden';
    elsif p_move and not exists (select 1 from auth.my_workspaces('editor') w where w = known.workspace_id) then
        problem := 'forbidden';
    elsif p_versions is not null and known.version <> all (p_versions) then
        problem := 'etag';
    elsif known.trashed then
        problem := 'trashed';
    elsif p_move and p_parent is not null then
        problem := api.place_problem(p_id, known.workspace_id, p_parent);
    end if;
    if problem is not null then
        return query select problem, 0::bigint, null::uuid, null::text, null::text, null::uuid;
        return;
    end if;
    update api.documents d
        set title = coalesce(p_title, d.title),
            parent_id = case when p_move then p_parent else d.parent_id end,
            updated_at = now(),
            version = d.version + 1
        where d.id = p_id
          and (p_title is not null and p_title <> d.title or p_move and p_parent is distinct from d.parent_id)
        returning d.* into changed;
    if not found then
        changed := known;
    end if;
    return query select
        'ok', changed.version, changed.workspace_id, api.document_json(changed), known.title, known.parent_id;
end
$$;

-- The document and everything below it goes to the trash, and comes back, as one. r_ids are the documents that this trashing
-- holds. Outcomes: ok, again, not_found, forbidden, too_many.
create function api.trash_document(p_user uuid, p_id uuid, p_most integer)
    returns table (r_outcome text, r_workspace uuid, r_ids uuid[])
    language plpgsql as
$$
declare
    root api.documents;
    ids uuid[];
begin
    perform set_config('materi.user_id', p_user::text, true);
    select * into root from api.documents d
        where d.id = p_id and (not d.trashed or d.workspace_id in (select auth.my_workspaces('editor')));
    if not found then
        return query select 'not_found', null::uuid, null::uuid[];
        return;
    elsif not exists (select 1 from auth.my_workspaces('editor') w where w = root.workspace_id) then
        return query select 'forbidden', null::uuid, null::uuid[];
        return;
    end if;
    perform api.lock_tree(root.workspace_id);
    select * into root from api.documents d where d.id = p_id;
    if not found then
        return query select 'not_found', null::uuid, null::uuid[];
        return;
    elsif root.trashed then
        return query select 'again', root.workspace_id,
            array(select d.id from api.documents d where d.trashed_with = root.trashed_with);
        return;
    end if;
    ids := array(select s.id from api.subtree(p_id, 100000) s join api.documents d using (id) where not d.trashed);
    if cardinality(ids) > p_most then
        return query select 'too_many', null::uuid, null::uuid[];
        return;
    end if;
    update api.documents d
        set trashed_at = now(), trashed_with = p_id, updated_at = now(), version = d.version + 1
        where d.id = any (ids);
    return query select 'ok', root.workspace_id, ids;
end
$$;

-- What was trashed with the document comes back with it: in its old place if that is still there, else at the top.
-- Outcomes: ok, again, not_found, forbidden.
create function api.restore_document(p_user uuid, p_id uuid)
    returns table (r_outcome text, r_workspace uuid, r_version bigint, r_json text, r_ids uuid[])
    language plpgsql as
$$
declare
    root api.documents;
    ids uuid[];
begin
    perform set_config('materi.user_id', p_user::text, true);
    select * into root from api.documents d
        where d.id = p_id and (not d.trashed or d.workspace_id in (select auth.my_workspaces('editor')));
    if not found then
        return query select 'not_found', null::uuid, 0::bigint, null::text, null::uuid[];
        return;
    elsif not exists (select 1 from auth.my_workspaces('editor') w where w = root.workspace_id) then
        return query select 'forbidden', null::uuid, 0::bigint, null::text, null::uuid[];
        return;
    end if;
    perform api.lock_tree(root.workspace_id);
    select * into root from api.documents d where d.id = p_id;
    if not found then
        return query select 'not_found', null::uuid, 0::bigint, null::text, null::uuid[];
        return;
    elsif not root.trashed then
        return query select 'again', root.workspace_id, root.version, api.document_json(root), array[p_id];
        return;
    end if;
    ids := array(
        select s.id from api.subtree(p_id, 100000) s join api.documents d using (id)
        where d.trashed_with = root.trashed_with);
    update api.documents d
        set trashed_at = null,
            trashed_with = null,
            updated_at = now(),
            version = d.version + 1,
            parent_id = case
                when d.id <> p_id
                    or exists (select 1 from api.documents up where up.id = d.parent_id and not up.trashed)
                    then d.parent_id
                end
        where d.id = any (ids);
    select * into root from api.documents d where d.id = p_id;
    return query select 'ok', root.workspace_id, root.version, api.document_json(root), ids;
end
$$;

-- Gone for good, with everything below it. Outcomes: ok, not_found, forbidden, not_trashed, too_many.
create function api.purge_document(p_user uuid, p_id uuid, p_most integer)
    returns table (r_outcome text, r_workspace uuid, r_ids uuid[])
    language plpgsql as
$$
declare
    root api.documents;
    ids uuid[];
begin
    perform set_config('materi.user_id', p_user::text, true);
    select * into root from api.documents d
        where d.id = p_id and (not d.trashed or d.workspace_id in (select auth.my_workspaces('editor')));
    if not found then
        return query select 'not_found', null::uuid, null::uuid[];
        return;
    elsif not exists (select 1 from auth.my_workspaces('admin') w where w = root.workspace_id) then
        return query select 'forbidden', null::uuid, null::uuid[];
        return;
    end if;
    perform api.lock_tree(root.workspace_id);
    select * into root from api.documents d where d.id = p_id;
    if not found then
        return query select 'not_found', null::uuid, null::uuid[];
        return;
    elsif not root.trashed then
        return query select 'not_trashed', null::uuid, null::uuid[];
        return;
    end if;
    ids := array(select s.id from api.subtree(p_id, p_most + 1) s);
    if cardinality(ids) > p_most then
        return query select 'too_many', null::uuid, null::uuid[];
        return;
    end if;
    delete from api.documents d where d.id = any (ids);
    return query select 'ok', root.workspace_id, ids;
end
$$;

-- Outcomes: fresh, answered, mismatch, running.
create function api.claim_key(p_user uuid, p_key text, p_resource uuid, p_fingerprint bytea)
    returns table (r_outcome text, r_resource uuid, r_status integer, r_headers jsonb, r_body bytea)
    language plpgsql as
$$
declare
    known api.idempotency_keys;
begin
    perform set_config('materi.user_id', p_user::text, true);
    insert into api.idempotency_keys (user_id, key, fingerprint, resource_id, running_until)
        values (p_user, p_key, p_fingerprint, p_resource, now() + interval '60 seconds')
        on conflict (user_id, key) do nothing;
    if found then
        return query select 'fresh', p_resource, null::integer, null::jsonb, null::bytea;
        return;
    end if;
    select * into known from api.idempotency_keys k where k.user_id = p_user and k.key = p_key for update;
    if not found then
        return query select 'running', null::uuid, null::integer, null::jsonb, null::bytea;
    elsif known.created_at < now() - interval '24 hours' then
        update api.idempotency_keys k
            set fingerprint = p_fingerprint, resource_id = p_resource, created_at = now(),
                running_until = now() + interval '60 seconds', status = null, headers = null, body = null
            where k.user_id = p_user and k.key = p_key;
        return query select 'fresh', p_resource, null::integer, null::jsonb, null::bytea;
    elsif known.fingerprint <> p_fingerprint then
        return query select 'mismatch', null::uuid, null::integer, null::jsonb, null::bytea;
    elsif known.status is not null then
        return query select 'answered', known.resource_id, known.status, known.headers, known.body;
    elsif known.running_until > now() then
        return query select 'running', null::uuid, null::integer, null::jsonb, null::bytea;
    else
        update api.idempotency_keys k set running_until = now() + interval '60 seconds'
            where k.user_id = p_user and k.key = p_key;
        return query select 'fresh', known.resource_id, null::integer, null::jsonb, null::bytea;
    end if;
end
$$;

create function api.answer_key(p_user uuid, p_key text, p_status integer, p_headers jsonb, p_body bytea) returns void
    language plpgsql as
$$
begin
    perform set_config('materi.user_id', p_user::text, true);
    update api.idempotency_keys k set status = p_status, headers = p_headers, body = p_body
        where k.user_id = p_user and k.key = p_key;
end
$$;

create function api.release_key(p_user uuid, p_key text) returns void
    language plpgsql as
$$
begin
    perform set_config('materi.user_id', p_user::text, true);
    update api.idempotency_keys k set running_until = now()
        where k.user_id = p_user and k.key = p_key and k.status is null;
end
$$;

-- Nobody else calls them.
revoke execute on all functions in schema api from public;
grant execute on all functions in schema api to materi_api;
