-- A generation belongs to the user who asked for it; nobody else sees it.
create table ai.generations (
    id            uuid primary key,
    user_id       uuid not null,
    document_id   uuid,
    model         text not null,
    provider      text not null,
    status        text not null check (status in ('running', 'done', 'error', 'cancelled')),
    text          text not null default '',
    citations     jsonb not null default '[]',
    input_tokens  integer not null default 0,
    output_tokens integer not null default 0,
    error_code    text,
    error_detail  text,
    created_at    timestamptz not null default now(),
    ended_at      timestamptz
);

create index generations_user on ai.generations (user_id, created_at desc);

alter table ai.generations enable row level security;
alter table ai.generations force row level security;

create policy own on ai.generations to materi_ai
    using (user_id = nullif(current_setting('materi.user_id', true), '')::uuid)
    with check (user_id = nullif(current_setting('materi.user_id', true), '')::uuid);

grant usage on schema ai to materi_ai;
grant select, insert, update on ai.generations to materi_ai;
