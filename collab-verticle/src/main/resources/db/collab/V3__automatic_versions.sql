-- Automatic versions: kept after a pause in writing, and from time to time while somebody writes on; thinned with age.

-- Since when the document holds something that is in no version, or was last looked at for that; null when it is all kept.
-- Changes only when a version was kept, so that an append seldom touches the index.
alter table collab.documents add column unversioned_since timestamptz;
create index documents_unversioned on collab.documents (unversioned_since) where unversioned_since is not null;

-- As before, but that it notes since when there is something to keep.
create or replace function collab.append_updates(
        p_documents uuid[], p_bytes bytea[], p_authors uuid[], p_vias uuid[])
    returns table (document_id uuid, last_seq bigint, appended bigint, rows_after bigint, bytes_after bigint)
    language plpgsql volatile
    as $$
begin
    perform 1 from collab.documents d where d.id = any (p_documents) order by d.id for update;
    insert into collab.updates (document_id, seq, bytes, author_id, via_id)
        select d.id, d.head_seq + row_number() over (partition by d.id order by e.place), e.bytes, e.author_id, e.via_id
        from unnest(p_documents, p_bytes, p_authors, p_vias) with ordinality as e (id, bytes, author_id, via_id, place)
            join collab.documents d on d.id = e.id;
    return query
        update collab.documents d
        set head_seq = d.head_seq + c.entries,
            tail_rows = d.tail_rows + c.entries,
            tail_bytes = d.tail_bytes + c.size,
            changed_at = now(),
            unversioned_since = coalesce(d.unversioned_since, now())
        from (
            select e.id, count(*) as entries, sum(length(e.bytes)) as size
            from unnest(p_documents, p_bytes) as e (id, bytes)
            group by e.id
        ) c
        where d.id = c.id
        returning d.id, d.head_seq, c.entries, d.tail_rows, d.tail_bytes;
end
$$;

-- Thins the versions without a name of the next documents: all of the last p_all stay, then the last one of each hour up to
-- p_hourly, of each day up to p_daily, of each week beyond. The last document that was looked at; null when there is none
-- left, or another node is at it.
create function collab.thin_versions(
        p_after uuid, p_documents int, p_all interval, p_hourly interval, p_daily interval)
    returns uuid
    language plpgsql volatile
    as $$
declare
    thinned uuid[];
begin
    if not pg_try_advisory_xact_lock(hashtextextended('collab.thin_versions', 0)) then
        return null;
    end if;
    thinned := array(
        select distinct v.document_id from collab.versions v
        where v.name is null and v.document_id > p_after
        order by v.document_id limit p_documents);
    delete from collab.versions v
        using (
            select a.document_id, a.id,
                row_number() over (
                    partition by a.document_id, a.width, date_bin(a.width, a.created_at, timestamptz '2001-01-01 00:00Z')
                    order by a.created_at desc, a.id desc) as place
            from (
                select w.document_id, w.id, w.created_at,
                    case when w.created_at > now() - p_hourly then interval '1 hour'
                        when w.created_at > now() - p_daily then interval '1 day'
                        else interval '7 days' end as width
                from collab.versions w
                where w.document_id = any (thinned) and w.name is null and w.created_at <= now() - p_all
            ) a
        ) r
        where v.document_id = r.document_id and v.id = r.id and r.place > 1 and v.name is null;
    return thinned[cardinality(thinned)];
end
$$;
