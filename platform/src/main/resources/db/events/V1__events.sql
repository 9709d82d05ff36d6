-- Facts on their way out (outbox), facts that a consumer has dealt with (handled), facts kept (store).
-- All work on them is done as materi_events; every other login role may only append to the outbox.

create table events.outbox (
    id         bigint generated always as identity primary key,
    event_id   uuid        not null,
    topic      text        not null check (topic in ('users', 'documents', 'collaboration', 'ai')),
    payload    bytea       not null check (octet_length(payload) <= 262144),
    created_at timestamptz not null default now()
);

alter table events.outbox enable row level security;
alter table events.outbox force row level security;
-- Any module may state a fact; to public, because the modules' roles are made by the modules' own migrations.
create policy outbox_append on events.outbox for insert to public with check (true);
create policy outbox_read on events.outbox for select to materi_events using (true);
create policy outbox_sent on events.outbox for delete to materi_events using (true);

create table events.handled (
    consumer   text        not null,
    event_id   uuid        not null,
    handled_at timestamptz not null default now(),
    primary key (consumer, event_id)
);
create index handled_by_age on events.handled using brin (handled_at);

alter table events.handled enable row level security;
alter table events.handled force row level security;
create policy handled_all on events.handled to materi_events using (true) with check (true);

create table events.store (
    event_id     uuid        primary key,
    topic        text        not null,
    type         text        not null,
    source       text        not null,
    subject      text        not null,
    happened_at  timestamptz not null,
    workspace_id uuid,
    actor_id     uuid,
    traceparent  text        not null,
    payload      bytea       not null,
    stored_at    timestamptz not null default now()
);
create index store_by_subject on events.store (subject, happened_at);
create index store_by_workspace on events.store (workspace_id, happened_at) where workspace_id is not null;

-- The rows carry workspaces, but no member reads them: the wall around them lets one role through.
alter table events.store enable row level security;
alter table events.store force row level security;
create policy store_append on events.store for insert to materi_events with check (true);
create policy store_read on events.store for select to materi_events using (true);

grant usage on schema events to public;
grant insert (event_id, topic, payload) on events.outbox to public;
grant select, delete on events.outbox to materi_events;
grant select, insert, delete on events.handled to materi_events;
grant select, insert on events.store to materi_events;
