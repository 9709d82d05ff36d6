-- Who somebody is and what they may do.
--
-- materi_auth works for one user at a time (materi.user_id); materi_auth_login works before there is a user. Both see only
-- what a policy below shows them. The owner of the schema, as whom the SECURITY DEFINER functions run, has policies of its
-- own, so that everything here works just the same when the owner is no superuser.

grant usage on schema auth to public;

create type auth.role as enum ('viewer', 'commenter', 'editor', 'admin', 'owner');
create type auth.document_state as enum ('active', 'trashed', 'purged');

-- The user of this transaction; null, and so nobody, when none is set.
create function auth.me() returns uuid
    language sql stable parallel safe
    as $$ select nullif(current_setting('materi.user_id', true), '')::uuid $$;

-- --- tables --------------------------------------------------------------------------------------------------------------

create table auth.users (
    id uuid primary key,
    email text not null check (length(email) between 3 and 254),
    name text not null check (length(name) between 1 and 80),
    created_at timestamptz not null default now()
);
create unique index users_email on auth.users (lower(email));

create table auth.credentials (
    user_id uuid primary key references auth.users (id) on delete cascade,
    password_hash text not null,
    updated_at timestamptz not null default now()
);

create table auth.sessions (
    id uuid primary key,
    user_id uuid not null references auth.users (id) on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index sessions_user on auth.sessions (user_id, created_at);
create index sessions_expiry on auth.sessions (expires_at);

-- One row a refresh token, so that a second use is noticed. `successor` is the next token, sealed under this one.
create table auth.refresh_tokens (
    token_hash bytea primary key check (length(token_hash) = 32),
    session_id uuid not null references auth.sessions (id) on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz,
    successor bytea
);
create index refresh_tokens_session on auth.refresh_tokens (session_id);

create table auth.signing_keys (
    kid text primary key,
    public_key bytea not null,
    sealed_private_key bytea not null,
    created_at timestamptz not null default now()
);

create table auth.workspaces (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,46}[a-z0-9]$'),
    name text not null check (length(name) between 1 and 80),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table auth.memberships (
    workspace_id uuid not null references auth.workspaces (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role auth.role not null,
    added_at timestamptz not null default now(),
    primary key (workspace_id, user_id)
);
create index memberships_user on auth.memberships (user_id) include (workspace_id, role);

create table auth.documents (
    document_id uuid primary key,
    workspace_id uuid not null references auth.workspaces (id),
    state auth.document_state not null default 'active',
    registered_by uuid default auth.me(),
    created_at timestamptz not null default now(),
    unique (document_id, workspace_id)
);
create index documents_workspace on auth.documents (workspace_id);

create table auth.grants (
    document_id uuid not null,
    workspace_id uuid not null,
    user_id uuid not null references auth.users (id) on delete cascade,
    role auth.role not null check (role <= 'editor'),
    granted_at timestamptz not null default now(),
    primary key (document_id, user_id),
    foreign key (document_id, workspace_id) references auth.documents (document_id, workspace_id) on delete cascade
);
create index grants_user on auth.grants (user_id) include (document_id, role);

-- --- published for row policies everywhere ---------------------------------------------------------------------------------

-- Workspaces in which the user of this transaction has at least this role.
-- Write `workspace_id in (select auth.my_workspaces())`: one evaluation a query.
create function auth.my_workspaces(min_role text default 'viewer') returns setof uuid
    language plpgsql stable security definer set search_path = '' rows 10
    as $$
begin
    return query
        select m.workspace_id from auth.memberships m
        where m.user_id = auth.me() and m.role >= min_role::auth.role;
end
$$;

-- Documents that were granted to the user of this transaction with at least this role.
create function auth.my_documents(min_role text default 'viewer') returns setof uuid
    language plpgsql stable security definer set search_path = '' rows 10
    as $$
begin
    return query
        select g.document_id from auth.grants g
        where g.user_id = auth.me() and g.role >= min_role::auth.role;
end
$$;

-- --- for Shield itself -----------------------------------------------------------------------------------------------------

-- What a user is to a document; no row when it does not exist for that user. `purged` exists for nobody.
create function auth.standing(of_user uuid, in_document uuid)
    returns table (workspace_id uuid, state auth.document_state, role auth.role)
    language plpgsql volatile
    as $$
begin
    perform set_config('materi.user_id', of_user::text, true);
    return query
        select d.workspace_id, d.state, greatest(m.role, g.role)
        from auth.documents d
            left join auth.memberships m on m.workspace_id = d.workspace_id and m.user_id = of_user
            left join auth.grants g on g.document_id = d.document_id and g.user_id = of_user
        where d.document_id = in_document and d.state <> 'purged';
end
$$;

-- Registers a document for each place of the arrays: an id in a workspace, named by its id or else by its slug, as a user who
-- is set before. One row a place, in order. Outcomes: made; again (it was registered there before); unknown (there is no such
-- workspace for the user); forbidden; taken.
-- Does not wait for the disk: nobody is told of the document before its row is committed, which comes later in the same log.
create function auth.register_documents(of_users uuid[], new_ids uuid[], in_workspaces uuid[], in_slugs text[])
    returns table (outcome text, workspace uuid)
    language plpgsql volatile
    as $$
declare
    held auth.role;
begin
    perform set_config('synchronous_commit', 'off', true);
    for place in 1 .. cardinality(new_ids) loop
        perform set_config('materi.user_id', of_users[place]::text, true);
        workspace := in_workspaces[place];
        if workspace is null then
            select w.id into workspace from auth.workspaces w where w.slug = in_slugs[place];
        end if;
        select m.role into held from auth.memberships m
            where m.workspace_id = workspace and m.user_id = of_users[place];
        if held is null then
            outcome := 'unknown';
        elsif held < 'editor' then
            outcome := 'forbidden';
        else
            insert into auth.documents (document_id, workspace_id) values (new_ids[place], workspace)
                on conflict do nothing;
            if found then
                outcome := 'made';
            elsif exists (
                select from auth.documents d
                where d.document_id = new_ids[place] and d.workspace_id = workspace and d.state <> 'purged'
            ) then
                outcome := 'again';
            else
                outcome := 'taken';
            end if;
        end if;
        return next;
    end loop;
end
$$;

-- Takes a registration back for whose document did not come into being; answers its workspace, or null when there is nothing
-- to take back. Only who registered it can, in its first minutes, whatever became of their membership meanwhile.
create function auth.withdraw_document(of_user uuid, withdrawn_id uuid) returns uuid
    language plpgsql volatile security definer set search_path = ''
    as $$
declare
    workspace uuid;
begin
    perform set_config('materi.user_id', of_user::text, true);
    delete from auth.documents d
        where d.document_id = withdrawn_id
          and d.registered_by = of_user
          and d.state = 'active'
          and d.created_at > now() - interval '5 minutes'
        returning d.workspace_id into workspace;
    return workspace;
end
$$;

-- Makes a workspace with its first owner, the user of this transaction. False when that user owns `quota` of them already.
create function auth.found_workspace(new_id uuid, new_slug text, new_name text, quota int) returns boolean
    language plpgsql volatile security definer set search_path = ''
    as $$
declare
    founder uuid := auth.me();
begin
    perform from auth.users u where u.id = founder for no key update;
    if not found or (select count(*) from auth.memberships m where m.user_id = founder and m.role = 'owner') >= quota then
        return false;
    end if;
    insert into auth.workspaces (id, slug, name) values (new_id, new_slug, new_name);
    insert into auth.memberships (workspace_id, user_id, role) values (new_id, founder, 'owner');
    return true;
end
$$;

-- A workspace keeps an owner, also when two of them leave at once: the lock makes the second one count again.
create function auth.keep_an_owner() returns trigger
    language plpgsql volatile security definer set search_path = ''
    as $$
begin
    perform from auth.workspaces w where w.id = old.workspace_id for no key update;
    if found and not exists (
        select from auth.memberships m where m.workspace_id = old.workspace_id and m.role = 'owner'
    ) then
        raise exception 'a workspace keeps at least one owner' using errcode = 'MA001';
    end if;
    return null;
end
$$;

create trigger memberships_keep_an_owner
    after update or delete on auth.memberships
    for each row when (old.role = 'owner')
    execute function auth.keep_an_owner();

-- Public are the two functions that row policies call, and the one that they both ask.
revoke execute on all functions in schema auth from public;
grant execute on function auth.me(), auth.my_workspaces(text), auth.my_documents(text) to public;
grant execute on function
    auth.standing(uuid, uuid),
    auth.register_documents(uuid[], uuid[], uuid[], text[]),
    auth.withdraw_document(uuid, uuid),
    auth.found_workspace(uuid, text, text, int)
    to materi_auth;

-- --- the wall ----------------------------------------------------------------------------------------------------------------

alter table auth.users enable row level security, force row level security;
alter table auth.credentials enable row level security, force row level security;
alter table auth.sessions enable row level security, force row level security;
alter table auth.refresh_tokens enable row level security, force row level security;
alter table auth.signing_keys enable row level security, force row level security;
alter table auth.workspaces enable row level security, force row level security;
alter table auth.memberships enable row level security, force row level security;
alter table auth.documents enable row level security, force row level security;
alter table auth.grants enable row level security, force row level security;

-- As the schema's owner: what the definer functions above touch, and nothing else.
create policy definer_locks on auth.users for all to current_user using (id = auth.me());
create policy definer_founds on auth.workspaces for all to current_user using (true);
create policy definer_counts on auth.memberships for all to current_user using (true);
create policy definer_reads on auth.grants for select to current_user using (user_id = auth.me());
create policy definer_withdraws on auth.documents for all to current_user using (registered_by = auth.me());

-- As materi_auth: one user's view.
grant select on auth.users to materi_auth;
grant select, update, delete on auth.workspaces to materi_auth;
grant select, insert, update, delete on auth.memberships to materi_auth;
grant select, insert, update, delete on auth.documents to materi_auth;
grant select, insert, update, delete on auth.grants to materi_auth;

-- The memberships and grants in these subqueries are again only those that the user may see. A limit keeps each a probe of
-- an index: without it the planner may read the whole table once instead.
create policy seen on auth.users for select to materi_auth using (
    id = auth.me()
    or (select true from auth.memberships m where m.user_id = users.id limit 1)
    or (select true from auth.grants g where g.user_id = users.id limit 1)
);

create policy seen on auth.workspaces for select to materi_auth using (id in (select auth.my_workspaces()));
create policy changed on auth.workspaces for update to materi_auth using (id in (select auth.my_workspaces('owner')));
create policy deleted on auth.workspaces for delete to materi_auth using (id in (select auth.my_workspaces('owner')));

create policy seen on auth.memberships for select to materi_auth using (
    user_id = auth.me() or workspace_id in (select auth.my_workspaces())
);
create policy added on auth.memberships for insert to materi_auth with check (
    workspace_id in (select auth.my_workspaces('owner'))
    or (role < 'owner' and workspace_id in (select auth.my_workspaces('admin')))
);
create policy changed on auth.memberships for update to materi_auth using (
    workspace_id in (select auth.my_workspaces('owner'))
    or (role < 'owner' and workspace_id in (select auth.my_workspaces('admin')))
);
create policy removed on auth.memberships for delete to materi_auth using (
    user_id = auth.me()
    or workspace_id in (select auth.my_workspaces('owner'))
    or (role < 'owner' and workspace_id in (select auth.my_workspaces('admin')))
);

create policy seen on auth.documents for select to materi_auth using (
    workspace_id in (select auth.my_workspaces()) or document_id in (select auth.my_documents())
);
create policy registered on auth.documents for insert to materi_auth with check (
    state = 'active' and workspace_id in (select auth.my_workspaces('editor'))
);
create policy changed on auth.documents for update to materi_auth
    using (
        workspace_id in (select auth.my_workspaces('editor')) or document_id in (select auth.my_documents('editor'))
    )
    with check (
        workspace_id in (select auth.my_workspaces('admin'))
        or (
            state <> 'purged'
            and (workspace_id in (select auth.my_workspaces('editor')) or document_id in (select auth.my_documents('editor')))
        )
    );
create policy forgotten on auth.documents for delete to materi_auth using (
    state = 'purged' and workspace_id in (select auth.my_workspaces('owner'))
);

create policy seen on auth.grants for select to materi_auth using (
    user_id = auth.me() or workspace_id in (select auth.my_workspaces('admin'))
);
create policy added on auth.grants for insert to materi_auth with check (
    workspace_id in (select auth.my_workspaces('admin'))
);
create policy changed on auth.grants for update to materi_auth using (
    workspace_id in (select auth.my_workspaces('admin'))
);
create policy removed on auth.grants for delete to materi_auth using (
    user_id = auth.me() or workspace_id in (select auth.my_workspaces('admin'))
);

-- As materi_auth_login: registering, signing in, refreshing, redeeming, and the keys. No workspace, document or grant.
grant select, insert on auth.users to materi_auth_login;
grant select, insert on auth.credentials to materi_auth_login;
grant select, insert, update, delete on auth.sessions to materi_auth_login;
grant select, insert, update on auth.refresh_tokens to materi_auth_login;
grant select, insert, delete on auth.signing_keys to materi_auth_login;

create policy login on auth.users for all to materi_auth_login using (true);
create policy login on auth.credentials for all to materi_auth_login using (true);
create policy login on auth.sessions for all to materi_auth_login using (true);
create policy login on auth.refresh_tokens for all to materi_auth_login using (true);
create policy login on auth.signing_keys for all to materi_auth_login using (true);
