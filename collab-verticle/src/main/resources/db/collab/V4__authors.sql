-- Who wrote in a document, as they were called when they last did: users, and agents that write under an id of their own.
create table collab.authors (
    document_id uuid not null references collab.documents (id) on delete cascade,
    id uuid not null,
    name text not null,
    agent boolean not null,
    primary key (document_id, id)
);

alter table collab.authors enable row level security;
alter table collab.authors force row level security;

create policy log_authors on collab.authors to materi_collab_log using (true) with check (true);
create policy read_authors on collab.authors for select to materi_collab
    using (exists (select from collab.documents d where d.id = document_id));

grant select on collab.authors to materi_collab;
grant select, insert, update (name) on collab.authors to materi_collab_log;
