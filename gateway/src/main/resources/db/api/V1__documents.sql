-- Documents as things with a title, a place in a tree and a workspace; their text is the Relay's.
-- Who may see and change them is Shield's to say, by the two functions that it publishes. An array is evaluated once a
-- statement and only when it is needed, and costs less than a hashed subquery.

grant usage on schema auth to materi_api;
grant execute on function auth.my_workspaces(text), auth.my_documents(text) to materi_api;
grant usage on schema api to materi_api, materi_api_sweeper;

create table api.documents (
    id uuid primary key,
    workspace_id uuid not null,
    parent_id uuid,
    title text not null check (char_length(title) between 1 and 300),
    created_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- Of the metadata; the entity tag is made of it.
    version bigint not null default 1,
    trashed_at timestamptz,
    -- The document whose trashing took this one along; itself when it was trashed by name.
    trashed_with uuid,
    trashed boolean not null generated always as (trashed_at is not null) stored,
    unique (workspace_id, id),
    -- A tree never leaves its workspace.
    foreign key (workspace_id, parent_id) references api.documents (workspace_id, id),
    check ((trashed_at is null) = (trashed_with is null))
);

create index documents_newest on api.documents (workspace_id, trashed, created_at desc, id desc);
create index documents_children on api.documents (parent_id, trashed, created_at desc, id desc) where parent_id is not null;
create index documents_trashed_with on api.documents (trashed_with) where trashed_with is not null;

alter table api.documents enable row level security;
alter table api.documents force row level security;
grant select, insert, update, delete on api.documents to materi_api;

create policy documents_read on api.documents for select to materi_api
    using (workspace_id = any (array(select auth.my_workspaces())) or id = any (array(select auth.my_documents())));
create policy documents_insert on api.documents for insert to materi_api
    with check (workspace_id = any (array(select auth.my_workspaces('editor'))));
create policy documents_update on api.documents for update to materi_api
    using (workspace_id = any (array(select auth.my_workspaces('editor'))) or id = any (array(select auth.my_documents('editor'))))
    with check (workspace_id = any (array(select auth.my_workspaces('editor'))) or id = any (array(select auth.my_documents('editor'))));
create policy documents_delete on api.documents for delete to materi_api
    using (workspace_id = any (array(select auth.my_workspaces('admin'))));

-- Requests that may be sent twice and are carried out once.
create table api.idempotency_keys (
    user_id uuid not null,
    key text not null check (char_length(key) between 1 and 255),
    fingerprint bytea not null,
    resource_id uuid not null,
    created_at timestamptz not null default now(),
    -- Until then the attempt that claimed the key is taken to be alive.
    running_until timestamptz not null,
    -- Null until the request has been answered.
    status integer,
    headers jsonb,
    body bytea,
    primary key (user_id, key)
);

create index idempotency_keys_age on api.idempotency_keys (created_at);

alter table api.idempotency_keys enable row level security;
alter table api.idempotency_keys force row level security;
grant select, insert, update, delete on api.idempotency_keys to materi_api;
grant select (user_id, key, created_at), delete on api.idempotency_keys to materi_api_sweeper;

create policy idempotency_keys_own on api.idempotency_keys to materi_api
    using (user_id = nullif(current_setting('materi.user_id', true), '')::uuid)
    with check (user_id = nullif(current_setting('materi.user_id', true), '')::uuid);
create policy idempotency_keys_sweep_read on api.idempotency_keys for select to materi_api_sweeper
    using (created_at < now() - interval '24 hours');
create policy idempotency_keys_sweep on api.idempotency_keys for delete to materi_api_sweeper
    using (created_at < now() - interval '24 hours');
