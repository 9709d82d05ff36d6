-- Links by which whoever holds one reads one document without an account. To everything that asks who somebody is, a link is a
-- user with the link's own id, who is a viewer of that document and nothing else anywhere.
create table auth.share_links (
    id uuid primary key,
    document_id uuid not null,
    workspace_id uuid not null,
    -- SHA-256 of the secret.
    token_hash bytea not null unique,
    label text not null check (char_length(label) <= 80),
    created_by uuid references auth.users (id) on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    foreign key (document_id, workspace_id) references auth.documents (document_id, workspace_id) on delete cascade
);
create index share_links_document on auth.share_links (document_id, id);

create or replace function auth.my_documents(min_role text default 'viewer') returns setof uuid
    language plpgsql stable security definer set search_path = '' rows 10
    as $$
begin
    return query
        select g.document_id from auth.grants g
        where g.user_id = auth.me() and g.role >= min_role::auth.role
        union all
        select l.document_id from auth.share_links l
        where l.id = auth.me() and min_role = 'viewer' and (l.expires_at is null or l.expires_at > now());
end
$$;

create or replace function auth.standing(of_user uuid, in_document uuid)
    returns table (workspace_id uuid, state auth.document_state, role auth.role)
    language plpgsql volatile
    as $$
begin
    perform set_config('materi.user_id', of_user::text, true);
    return query
        select d.workspace_id, d.state,
            greatest(m.role, g.role, case when l.id is not null then 'viewer'::auth.role end)
        from auth.documents d
            left join auth.memberships m on m.workspace_id = d.workspace_id and m.user_id = of_user
            left join auth.grants g on g.document_id = d.document_id and g.user_id = of_user
            left join auth.share_links l on l.id = of_user and l.document_id = d.document_id
                and (l.expires_at is null or l.expires_at > now())
        where d.document_id = in_document and d.state <> 'purged';
end
$$;

alter table auth.share_links enable row level security, force row level security;

create policy definer_reads on auth.share_links for select to current_user using (id = auth.me());

grant select, insert, delete on auth.share_links to materi_auth;
create policy seen on auth.share_links for select to materi_auth using (
    id = auth.me() or workspace_id in (select auth.my_workspaces('admin'))
);
create policy added on auth.share_links for insert to materi_auth with check (
    workspace_id in (select auth.my_workspaces('admin'))
);
create policy removed on auth.share_links for delete to materi_auth using (
    workspace_id in (select auth.my_workspaces('admin'))
);

-- Whoever holds a secret has no user yet.
grant select on auth.share_links to materi_auth_login;
create policy login on auth.share_links for select to materi_auth_login using (true);
